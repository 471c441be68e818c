namespace ServeFlow.Cluster.Fleets;

/// <summary>Reaches the fleet over the connections that a sensor has to each worker.</summary>
sealed class SensorReach(ClusterOptions options, WorkerPool pool) : FleetReach
{
    WorkerLink? last;

    public override string Cluster => options.Id;

    public override string? Split => options.Membership != ClusterMembership.Localhost || pool.Links.Count < 2 ? null
        : "--cluster-membership localhost: each of these workers has a fleet of its own: keep their list in Redis or "
            + "PostgreSQL, or name one worker";

    public override async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel)
    {
        IOException? problem = null;
        foreach (var link in pool.Links.OrderByDescending(link => link == last))
        {
            try
            {
                var answer = await link.CallAsync(call, cancel);
                last = link;
                return answer;
            }
            catch (IOException e)
            {
                problem = e;
            }
        }

        throw problem ?? new IOException(pool.Problem);
    }

    public override async Task<T?> AskEachAsync<T>(IReadOnlyList<string> workers, Func<WorkerLink, Task<T?>> ask)
        where T : class
    {
        foreach (var link in pool.Links.Where(link => link.IsConnected))
        {
            if (await ask(link) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }
}
