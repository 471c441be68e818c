using Microsoft.Extensions.Hosting;

namespace ServeFlow.Cluster;

/// <summary>
/// Ends the worker's host, and not the process, where Orleans cannot go on: the cluster has taken a worker for dead
/// that was only cut off or paused. Orleans by itself aborts the process with a dump of its stack.
/// </summary>
sealed class EndingFatalErrors(IHostApplicationLifetime life) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    /// <summary>Gets why it ended the host, in one line; empty where it did not.</summary>
    public string Reason { get; private set; } = "";

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        Reason = exception is null ? InputException.Quote(context ?? "") : ClusterProblem.Describe(exception);
        life.StopApplication();
    }
}
