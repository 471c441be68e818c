using Microsoft.Extensions.Hosting;

namespace ServeFlow.Service;

/// <summary>
/// Leaves signals to the sensor, which ends its flows first: whoever follows it sees these, and metrics stay readable
/// until all is written.
/// </summary>
sealed class SensorLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
