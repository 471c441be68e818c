using Microsoft.Extensions.Hosting;

namespace ServeFlow.Cluster;

/// <summary>Leaves signals to the process that Orleans runs in.</summary>
sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
