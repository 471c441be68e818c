namespace ServeFlow.Cluster.Fleets;

/// <summary>Reaches the fleet over the connections that a sensor has to each worker.</summary>
sealed class SensorReach(WorkerPool pool) : FleetReach
{
    WorkerLink? last;

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
