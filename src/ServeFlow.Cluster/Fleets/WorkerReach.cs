using System.Net;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Reaches the fleet from within a worker, and other workers by a connection for as long as it takes.
/// </summary>
sealed class WorkerReach(ClusterOptions options, IPEndPoint own, IGrainFactory grains) : FleetReach
{
    /// <summary>Exceeds what a piece of a file takes by far.</summary>
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public override string Cluster => options.Id;

    public override async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(grains).WaitAsync(Timeout, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            throw new IOException(ClusterProblem.Describe(e), e);
        }
    }

    public override async Task<T?> AskEachAsync<T>(IReadOnlyList<string> workers, Func<WorkerLink, Task<T?>> ask)
        where T : class
    {
        foreach (var address in workers.Where(text => text != own.ToString()))
        {
            if (!ClusterOptions.TryParse(address, out var worker))
            {
                continue;
            }

            using var link = new WorkerLink(options, worker, Timeout);
            await link.Tried;
            if (link.IsConnected && await ask(link) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }
}
