using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime.Messaging;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster;

/// <summary>
/// Represents a sensor's connection to one worker. It connects in the background, and again until it succeeds;
/// after a failure it begins anew.
/// </summary>
sealed class WorkerLink : IDisposable
{
    /// <summary>Exceeds the bytes of most batches.</summary>
    const int WarmUpBytes = 1 << 18;

    static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Specifies how long a worker is left alone that failed.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Specifies how long a worker is not asked for a tier that it does not have: it may get that at any time.
    /// </summary>
    static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    readonly ClusterOptions options;
    readonly TimeSpan timeout;
    readonly Action<string> say;
    readonly CancellationTokenSource end = new();
    readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly ConcurrentDictionary<string, (string Problem, long Since)> unknown = new();
    volatile Task connecting;
    volatile string problem = "is not connected yet";
    Connection? connection;
    bool wasConnected;
    bool isAway;
    long failedAt = -1;

    /// <param name="timeout">How long an answer may take.</param>
    /// <param name="say">Is told, in one line, when a worker that was connected cannot be reached, and when it is back;
    /// null for nobody.</param>
    /// <param name="isAway">Whether it was said that the worker is gone, so that it is said when it is back.</param>
    public WorkerLink(ClusterOptions options, IPEndPoint address, TimeSpan timeout, Action<string>? say = null,
        bool isAway = false)
    {
        (this.options, Address, this.timeout, this.say) = (options, address, timeout, say ?? (_ => { }));
        (wasConnected, this.isAway) = (isAway, isAway);
        connecting = Task.Run(ConnectAsync);
    }

    public IPEndPoint Address { get; }

    /// <summary>Gets what is completed when it was tried to connect for the first time.</summary>
    public Task Tried => tried.Task;

    public bool IsConnected => Volatile.Read(ref connection) is not null;

    /// <summary>Gets whether the worker failed, or had no room, a moment ago.</summary>
    public bool IsResting => Interlocked.Read(ref failedAt) is >= 0 and var since
        && Stopwatch.GetElapsedTime(since) < Rest;

    /// <summary>Gets the number of batches that the worker has.</summary>
    public int InFlight => Volatile.Read(ref connection) is { } now ? Volatile.Read(ref now.InFlight) : 0;

    /// <summary>Gets what was wrong last.</summary>
    public string Problem => $"{Address}: {problem}";

    /// <summary>Gets what the worker said when it was asked for a tier that it does not have; null where it may have
    /// it.</summary>
    public string? FindUnknown(string key) => unknown.TryGetValue(key, out var found)
        && Stopwatch.GetElapsedTime(found.Since) < Memory ? found.Problem : null;

    /// <summary>Asks the worker for the scores of a batch.</summary>
    /// <param name="key">The <see cref="TierKey"/> of its tier.</param>
    /// <exception cref="IOException">It cannot be reached.</exception>
    public async Task<TierAnswer> AskAsync(string key, TierRequest request, CancellationToken cancel)
    {
        var connected = Volatile.Read(ref connection) ?? throw new IOException(Problem);
        try
        {
            // Orleans never ends a call whose connection broke off.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, connected.Broken.Token);
            var call = FindGrain(connected.Host, key).ScoreAsync(request);
            Interlocked.Increment(ref connected.InFlight);
            _ = call.ContinueWith(done => End(connected, done), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default); // however late it comes
            var answer = await call.WaitAsync(either.Token);
            if (answer.Status == TierStatus.Unknown)
            {
                unknown[key] = (answer.Problem, Stopwatch.GetTimestamp());
            }
            else if (answer.Status is TierStatus.Busy or TierStatus.Failed)
            {
                Interlocked.Exchange(ref failedAt, Stopwatch.GetTimestamp()); // others come first
            }

            return answer;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Fail(connected, e);
            throw new IOException(Problem, e);
        }
    }

    /// <summary>Makes a call that is no batch.</summary>
    /// <exception cref="IOException">The worker cannot be reached, or the call failed there.</exception>
    public async Task<T> CallAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel)
    {
        var connected = Volatile.Read(ref connection) ?? throw new IOException(Problem);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, connected.Broken.Token);
            return await call(connected.Host.Services.GetRequiredService<IClusterClient>()).WaitAsync(either.Token);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // What fails beyond the worker, such as at another one that died, leaves the connection as it is.
            if (connected.Broken.IsCancellationRequested || e is ConnectionFailedException or ObjectDisposedException)
            {
                Fail(connected, e);
                throw new IOException(Problem, e);
            }

            throw new IOException($"{Address}: {ClusterProblem.DescribeCall(e)}", e);
        }
    }

    public void Dispose()
    {
        end.Cancel();
        connecting.Wait();
        if (Interlocked.Exchange(ref connection, null) is { } connected)
        {
            WaitForAnswers(connected);
            StopAsync(connected.Host).Wait();
        }
    }

    static ITierGrain FindGrain(IHost connected, string key) =>
        connected.Services.GetRequiredService<IClusterClient>().GetGrain<ITierGrain>(key);

    /// <summary>Waits for batches that a worker which leaves is still answering.</summary>
    void WaitForAnswers(Connection connected)
    {
        var started = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref connected.InFlight) > 0 && !connected.Broken.IsCancellationRequested
            && Stopwatch.GetElapsedTime(started) < timeout)
        {
            Thread.Sleep(1);
        }

        connected.Broken.Cancel();
    }

    void End(Connection connected, Task call)
    {
        Interlocked.Decrement(ref connected.InFlight);
        if (call.Exception is { } error)
        {
            Fail(connected, error);
        }
    }

    /// <summary>Begins anew after a call that failed: a worker says itself what is wrong with a batch.</summary>
    void Fail(Connection connected, Exception error)
    {
        if (Interlocked.CompareExchange(ref connection, null, connected) != connected)
        {
            return; // another call failed before
        }

        problem = error is OperationCanceledException ? "its connection broke off" : ClusterProblem.Describe(error);
        Interlocked.Exchange(ref failedAt, Stopwatch.GetTimestamp());
        connected.Broken.Cancel();
        connecting = Task.Run(async () =>
        {
            await StopAsync(connected.Host);
            await ConnectAsync();
        });
    }

    async Task ConnectAsync()
    {
        while (!end.IsCancellationRequested)
        {
            var builder = ClusterHosts.CreateBuilder();
            var broken = new CancellationTokenSource();
            builder.UseOrleansClient(client =>
            {
                client.Apply(options, Address, timeout);
                client.AddClusterConnectionLostHandler((_, _) => broken.Cancel());
            });
            var next = builder.Build();
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                limit.CancelAfter(ConnectTime);
                await next.StartAsync(limit.Token).WaitAsync(limit.Token);
                await FindGrain(next, TierKey.WarmUp).ScoreAsync(new() { Rows = new byte[WarmUpBytes] })
                    .WaitAsync(limit.Token);
                Volatile.Write(ref connection, new(next, broken));
                if (isAway)
                {
                    say($"worker {Address}: is back");
                }

                (wasConnected, isAway) = (true, false);
                return;
            }
            catch (Exception e)
            {
                problem = ClusterProblem.DescribeConnecting(e);
                if (wasConnected && !isAway && !end.IsCancellationRequested)
                {
                    isAway = true;
                    say($"worker {Problem}; it is tried again");
                }

                await StopAsync(next);
            }
            finally
            {
                tried.TrySetResult();
            }

            await Task.Delay(Pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Represents a connection that stands.</summary>
    sealed class Connection(IHost host, CancellationTokenSource broken)
    {
        /// <summary>Holds the number of batches that the worker has.</summary>
        public int InFlight;

        public IHost Host => host;

        /// <summary>Gets what is cancelled when the connection breaks off.</summary>
        public CancellationTokenSource Broken => broken;
    }

    static async Task StopAsync(IHost host)
    {
        using (host)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await host.StopAsync(soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
