using System.Net;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>
/// The workers that a sensor knows, as the cluster's list has them, and a connection to each. Orleans itself would send
/// all batches of a tier to one worker as long as that is there.
/// </summary>
sealed class WorkerPool : IDisposable
{
    const string NoWorker = "there is no worker";

    /// <summary>Specifies how often a sensor looks for workers that came or went.</summary>
    static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <summary>Limits the workers that are remembered after they left.</summary>
    const int MaxAway = 1000;

    /// <summary>Specifies how long a start waits for the first connection, so that no flow misses it.</summary>
    static readonly TimeSpan StartWait = TimeSpan.FromSeconds(10);

    readonly ClusterOptions options;
    readonly TimeSpan timeout;
    readonly Action<string> say;
    readonly CancellationTokenSource end = new();
    readonly Task watching;

    /// <summary>Holds the addresses of workers that left the list, which may come back.</summary>
    readonly HashSet<IPEndPoint> away = [];

    volatile WorkerLink[] links = [];
    volatile string problem = NoWorker;
    int turn;

    /// <summary>Holds how often in a row the list could not be read.</summary>
    int unread;

    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="say">Is told, in one line and on any thread, which workers come and go.</param>
    /// <exception cref="InputException">The address of a worker is none, or needs certificates.</exception>
    public WorkerPool(ClusterOptions options, TimeSpan timeout, Action<string> say)
    {
        (this.options, this.timeout, this.say) = (options, timeout, say);
        if (options.Membership == ClusterMembership.Localhost)
        {
            Take(options.ReadAddresses());
            watching = Task.CompletedTask;
        }
        else
        {
            watching = Task.Run(WatchAsync);
        }
    }

    /// <summary>Gets a connection to each worker that is known.</summary>
    public IReadOnlyList<WorkerLink> Links => links;

    /// <summary>Gets why there is no worker.</summary>
    public string Problem => problem;

    /// <summary>Waits until a worker is connected, or each was tried, or some seconds are over.</summary>
    public void WaitForStart()
    {
        using var limit = new CancellationTokenSource(StartWait);
        while (!limit.IsCancellationRequested && !Array.Exists(links, link => link.IsConnected)
            && (links.Length == 0 || !Array.TrueForAll(links, link => link.Tried.IsCompleted)))
        {
            Thread.Sleep(10);
        }
    }

    /// <summary>Chooses the worker with the fewest batches, of those that may have a tier and did not fail a moment
    /// ago.</summary>
    /// <param name="key">The <see cref="TierKey"/> of the tier.</param>
    /// <exception cref="RefusalException">No worker has the tier.</exception>
    /// <exception cref="IOException">No worker is connected.</exception>
    public WorkerLink Choose(string key)
    {
        var known = links;
        var first = (uint)Interlocked.Increment(ref turn);
        WorkerLink? best = null;
        string? unknown = null;
        string? away = null;
        for (var i = 0; i < known.Length; i++)
        {
            var link = known[(first + i) % known.Length];
            if (!link.IsConnected)
            {
                away = link.Problem;
                continue;
            }

            if (link.FindUnknown(key) is { } said)
            {
                unknown = $"{link.Address}: {said}";
            }
            else if (best is null || Rank(link).CompareTo(Rank(best)) < 0)
            {
                best = link;
            }
        }

        // A worker that is not connected may have the tier.
        return best ?? (away is not null ? throw new IOException(unknown is null ? away : $"{away}; {unknown}")
            : unknown is not null ? throw new RefusalException(unknown)
            : throw new IOException(problem));
    }

    public void Dispose()
    {
        end.Cancel();
        Task.WaitAny([watching], Refresh); // a list that does not answer is not waited for
        Parallel.ForEach(links, link => link.Dispose());
    }

    static (bool, int) Rank(WorkerLink link) => (link.IsResting, link.InFlight);

    async Task WatchAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var list = ClusterHosts.CreateList(options);
                await list.OpenAsync();
                while (!end.IsCancellationRequested)
                {
                    var addresses = await list.ReadAsync();
                    foreach (var address in addresses)
                    {
                        ClusterOptions.CheckEncrypted(address, options.Tls);
                    }

                    Take(addresses);
                    NoteRead();
                    await Task.Delay(Refresh, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            catch (InputException e)
            {
                problem = e.Message; // a worker of the list needs what this sensor does not have
            }
            catch (Exception e)
            {
                NoteUnread($"the list of workers cannot be read: {ClusterProblem.Describe(e)}");
            }

            await Task.Delay(Refresh, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void NoteRead()
    {
        problem = NoWorker;
        if (unread > 1)
        {
            say("the list of workers can be read again");
        }

        unread = 0;
    }

    /// <summary>Says that the list is gone, once it could not be read twice in a row. Who is known stays so.</summary>
    void NoteUnread(string why)
    {
        problem = why;
        if (++unread == 2 && links.Length > 0)
        {
            say($"{why}; the sensor goes on with the workers that it knows");
        }
    }

    /// <summary>Connects to new workers, and lets go of those that are gone.</summary>
    void Take(IReadOnlyCollection<IPEndPoint> addresses)
    {
        var before = links;
        links =
        [
            .. before.Where(link => addresses.Contains(link.Address)),
            .. addresses.Where(address => !before.Any(link => link.Address.Equals(address)))
                .Select(address => new WorkerLink(options, address, timeout, SayOfOne, away.Remove(address))),
        ];
        foreach (var gone in before.Except(links))
        {
            if (away.Count < MaxAway)
            {
                away.Add(gone.Address);
            }

            say($"worker {gone.Address}: left the list of the cluster");
            _ = Task.Run(gone.Dispose);
        }
    }

    /// <summary>Says what happened to one worker, unless none is left: then the tier itself says that it fails.
    /// </summary>
    void SayOfOne(string line)
    {
        if (Array.Exists(links, link => link.IsConnected))
        {
            say(line);
        }
    }
}
