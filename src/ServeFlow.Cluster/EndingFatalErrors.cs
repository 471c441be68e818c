using Microsoft.Extensions.Hosting;

namespace ServeFlow.Cluster;

/// <summary>
/// Ends the worker's host, and not the process, where Orleans cannot go on: the cluster has taken a worker for dead
/// that was only cut off or paused. Orleans by itself aborts the process with a dump of its stack.
/// </summary>
sealed class EndingFatalErrors(IHostApplicationLifetime life) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    /// <summary>Gets why the host ended, in a clause.</summary>
    public string Reason { get; private set; } = "this worker has ended";

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        var said = exception is null ? InputException.Quote(context ?? "") : ClusterProblem.Describe(exception);
        End(said.Contains("dead", StringComparison.OrdinalIgnoreCase)
            ? "the cluster took this worker for dead, as it did not answer" : $"this worker failed ({said})");
    }

    /// <param name="why">The reason, in a clause.</param>
    public void End(string why)
    {
        Reason = why;
        life.StopApplication();
    }
}
