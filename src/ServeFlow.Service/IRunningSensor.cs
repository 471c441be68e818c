using ServeFlow.Service.Fleets;
using ServeFlow.Service.Live;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Service;

/// <summary>
/// A sensor as HTTP shows and controls it. Everything may be called from any thread, and reads what the sensor has
/// published: nothing waits for the packet path, and the packet path waits for nothing.
/// </summary>
public interface IRunningSensor
{
    /// <summary>Gets why the sensor cannot do its work now; null where it does it.</summary>
    string? Unready { get; }

    /// <summary>Reads every metric, all of one moment.</summary>
    IReadOnlyList<MetricFamily> ReadMetrics();

    /// <summary>Reads every histogram.</summary>
    IReadOnlyList<HistogramFamily> ReadHistograms();

    /// <summary>Describes the sensor, as an object that is written as JSON.</summary>
    object DescribeStatus();

    /// <summary>Describes its counts.</summary>
    object DescribeStatistics();

    /// <summary>Describes the models that answer.</summary>
    object DescribeModels();

    /// <summary>Gets the control of the models that answer.</summary>
    IModelControl Models { get; }

    /// <summary>Gets the fleet that the sensor belongs to; null for none.</summary>
    IFleetControl? Fleet { get; }

    /// <summary>Gets what the sensor has counted over the last hour.</summary>
    SensorHistory History { get; }

    /// <summary>Begins to follow the records that a filter chooses, as they are made.</summary>
    /// <param name="filter">As <see cref="RecordFilter"/> reads it; null or empty for all records.</param>
    /// <exception cref="InputException">The filter is none, or there are too many readers.</exception>
    LiveRecords Follow(string? filter);

    /// <summary>Reads every setting with the value that holds, as <c>config dump</c> prints them.</summary>
    IReadOnlyList<ShownSetting> ReadSettings();

    /// <summary>Writes messages of this level and above from now on; false where there is no such level.</summary>
    /// <param name="level">error, warning or info.</param>
    bool TrySetLogLevel(string level);

    /// <summary>Writes a message to the sensor's log: a failure of the service itself.</summary>
    void Report(string message);

    /// <summary>Asks the sensor to end every flow, write every record, and end. Does not wait.</summary>
    void Stop();

    /// <summary>Reads the configuration again and applies it; returns what there is to say.</summary>
    Task<ReloadResult> ReloadAsync(CancellationToken cancel);
}

/// <summary>Tells how reading the configuration again went.</summary>
/// <param name="Applied">False where it is wrong, so that none of it was applied.</param>
/// <param name="Messages">What changed and what cannot, or everything that is wrong.</param>
public sealed record ReloadResult(bool Applied, IReadOnlyList<string> Messages);
