using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>Has the pages shown to nobody once the server has started, so that the first user does not wait for their
/// code to be compiled.</summary>
/// <param name="pages">The pages; null for none.</param>
/// <param name="report">Is told where one cannot be shown.</param>
sealed class PageWarmUp(ISensorPages? pages, Action<string> report)
{
    RequestDelegate? answer;
    Task running = Task.CompletedTask;

    /// <summary>Takes its place behind the check of callers: what comes behind is what is warmed up.</summary>
    public void Use(WebApplication app) => app.Use(next => answer = next);

    /// <summary>Begins in the background.</summary>
    /// <param name="services">Those of the server, which has started.</param>
    public void Start(IServiceProvider services)
    {
        if (pages is not null)
        {
            running = Task.Run(() => RunAsync(pages, services));
        }
    }

    /// <summary>Waits until it has ended, at most so long.</summary>
    public void Wait(TimeSpan timeout) => running.Wait(timeout);

    async Task RunAsync(ISensorPages shown, IServiceProvider services)
    {
        try
        {
            await shown.WarmUpAsync(services, answer!);
        }
        catch (Exception e)
        {
            report($"HTTP: a page cannot be shown: {e}"); // it will fail for users too, and the sensor goes on
        }
    }
}
