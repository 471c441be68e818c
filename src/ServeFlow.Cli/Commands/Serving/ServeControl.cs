using System.Collections.Concurrent;
using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Serving.Sensors;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// A running sensor as HTTP sees it. What is asked for is done by the thread that watches over the sensor, which looks
/// here some times a second.
/// </summary>
sealed class ServeControl(ServeModels models, Sensor sensor, ServeInput input, ServeStatistics statistics)
    : IRunningSensor
{
    readonly ConcurrentQueue<TaskCompletionSource<ReloadResult>> reloads = [];
    readonly DateTime started = DateTime.UtcNow;

    volatile bool hasBegun;
    volatile bool mustStop;

    /// <summary>Gets whether a caller wants the sensor to end.</summary>
    public bool MustStop => mustStop;

    /// <summary>Gets whether a caller wants the configuration read again.</summary>
    public bool HasReloads => !reloads.IsEmpty;

    public string? Unready => !hasBegun ? "the sensor takes no packets: it starts, or it ends"
        : input.IsLive && input.Links.States().All(link => !link.IsUp)
            ? $"no interface carries packets: {string.Join(", ", input.Links.Impaired())}"
            : null;

    public IModelControl Models => models;

    CascadePlan Plan => models.Main.Bundle.Plan;

    /// <summary>Packets are taken.</summary>
    public void Begin() => hasBegun = true;

    /// <summary>No more packets are taken.</summary>
    public void End() => hasBegun = false;

    /// <summary>Answers every caller that waits for the configuration to be read again.</summary>
    public void CompleteReloads(bool applied, IReadOnlyList<string> messages)
    {
        string[] said = messages.Count > 0 ? [.. messages] : ["there is no configuration; outputs were reopened"];
        while (reloads.TryDequeue(out var caller))
        {
            caller.TrySetResult(new(applied, said));
        }
    }

    public IReadOnlyList<MetricFamily> ReadMetrics() =>
        SensorMetrics.Read(sensor.Plans.Counted, sensor.Statistics, sensor.SumAccounts(), input, models);

    public object DescribeStatus() => new
    {
        Ready = Unready is null,
        Reason = Unready,
        Started = started.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        Seconds = Math.Round(statistics.Elapsed.TotalSeconds, 1),
        Model = Plan.Name,
        ModelVersion = Plan.Version,
        Interfaces = input.Links.States().Select(link => new { link.Name, Up = link.IsUp }),
        Process = Environment.ProcessId,
    };

    public object DescribeStatistics() => SensorDocument.From(sensor.Plans.Counted, sensor.Statistics, input);

    public object DescribeModels() => models.Describe();

    public void Stop() => mustStop = true;

    public Task<ReloadResult> ReloadAsync(CancellationToken cancel)
    {
        var caller = new TaskCompletionSource<ReloadResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        reloads.Enqueue(caller);
        return caller.Task;
    }
}
