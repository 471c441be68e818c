using Microsoft.Extensions.Hosting;

namespace ServeFlow.Cluster;

/// <summary>
/// Ends a worker that its cluster's list does not have any more, as where Redis came back without its data, so that it
/// can join again. Orleans looks only for workers that the list has as dead.
/// </summary>
sealed class ListWatch(IMembershipTable list, ILocalSiloDetails own, IFatalErrorHandler errors) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Specifies how often the worker must be missing in a row.</summary>
    const int MaxMisses = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var misses = 0; misses < MaxMisses; misses = await HasOwnAsync(stoppingToken) ? 0 : misses + 1)
        {
            await Task.Delay(Pause, stoppingToken);
        }

        ((EndingFatalErrors)errors).End("the cluster's list has lost this worker");
    }

    async Task<bool> HasOwnAsync(CancellationToken end)
    {
        try
        {
            return (await list.ReadRowAsync(own.SiloAddress, end)).Members.Count > 0;
        }
        catch (Exception)
        {
            return true; // a list that cannot be read has lost nobody yet
        }
    }
}
