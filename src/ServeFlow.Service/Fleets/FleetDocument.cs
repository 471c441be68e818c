namespace ServeFlow.Service.Fleets;

/// <summary>Describes a fleet: <c>/api/fleet</c>.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Epoch">The number of decisions that were made.</param>
/// <param name="Published">The models that workers keep, as NAME@VERSION, the latest last.</param>
/// <param name="Totals">The sums of the sensors' counts, of those that are away too.</param>
/// <param name="Problems">What is wrong between the fleet and this sensor, such as that nobody tells it how the fleet
/// is now; then the rest is as it was known last.</param>
public sealed record FleetDocument(string Cluster, long Epoch, FleetSettingDocument Setting,
    IReadOnlyList<string> Published, FleetTotals Totals, IReadOnlyList<FleetSensor> Sensors,
    IReadOnlyList<FleetWorkerDocument> Workers, IReadOnlyList<string> Problems);

/// <summary>Says which models a fleet answers by.</summary>
/// <param name="Main">What answers everywhere, as NAME@VERSION; null where each sensor answers by its own.</param>
/// <param name="Canary">What is tried; null for nothing.</param>
/// <param name="Share">The share of new flows that the canary answers.</param>
/// <param name="Sensors">The sensors that have the canary; empty for all.</param>
/// <param name="Previous">Whether there is a setting to go back to.</param>
public sealed record FleetSettingDocument(string? Main, string? Canary, double? Share, IReadOnlyList<string> Sensors,
    bool Previous);

/// <summary>Holds the sums of the counts of sensors since their starts.</summary>
public sealed record FleetTotals(int Sensors, int Present, long Packets, long Flows, long Active, long Undecided,
    long Answers, long Overload, long Dropped, long Lost, double PacketsPerSecond, double FlowsPerSecond,
    double AnswersPerSecond, long Compared, long Agreed, int Drifting)
{
    /// <summary>Adds up the counts of sensors. Rates are those of sensors that are there.</summary>
    public static FleetTotals Sum(IReadOnlyList<FleetSensor> sensors)
    {
        var present = sensors.Where(sensor => sensor.State == FleetSensor.Present).ToList();
        return new(sensors.Count, present.Count, sensors.Sum(sensor => sensor.Packets),
            sensors.Sum(sensor => sensor.Flows), present.Sum(sensor => sensor.Active),
            present.Sum(sensor => sensor.Undecided), sensors.Sum(sensor => sensor.Answers),
            sensors.Sum(sensor => sensor.Overload), sensors.Sum(sensor => sensor.Dropped),
            sensors.Sum(sensor => sensor.Lost), present.Sum(sensor => sensor.PacketsPerSecond),
            present.Sum(sensor => sensor.FlowsPerSecond), present.Sum(sensor => sensor.AnswersPerSecond),
            sensors.Sum(sensor => sensor.Compared), sensors.Sum(sensor => sensor.Agreed),
            present.Count(sensor => sensor.Drift is { Active: true }));
    }
}

/// <summary>Describes a sensor of a fleet.</summary>
/// <param name="State">present, away or left.</param>
/// <param name="Age">Seconds since it was heard last.</param>
/// <param name="Program">The version of the program.</param>
/// <param name="Seconds">Seconds since it started.</param>
/// <param name="Reason">Why it cannot do its work; null where it does it.</param>
/// <param name="Epoch">The decision that it works by.</param>
/// <param name="Problem">What it could not do of what was asked for; null for nothing.</param>
/// <param name="Overload">Flows that were answered early for want of room or time.</param>
/// <param name="Dropped">Packets that the kernel or an interface dropped.</param>
/// <param name="Lost">Records that an output did not get.</param>
/// <param name="Compared">Flows that its shadow answered too.</param>
/// <param name="Agreed">Those on which the shadow agrees.</param>
/// <param name="Drift">How its traffic compares with that of training; null where that is not watched.</param>
public sealed record FleetSensor(string Name, string State, double Age, string Program, double Seconds, string? Reason,
    long Epoch, string? Problem, IReadOnlyList<FleetUsedModel> Models, long Packets, long Flows, long Active,
    long Undecided, long Answers, long Overload, long Dropped, long Lost, double PacketsPerSecond,
    double FlowsPerSecond, double AnswersPerSecond, long Compared, long Agreed, FleetDrift? Drift)
{
    /// <summary>Specifies the state of a sensor that was heard a moment ago.</summary>
    public const string Present = "present";
}

/// <summary>Represents a model that a sensor uses.</summary>
/// <param name="Role">main, canary or shadow.</param>
/// <param name="Share">The share of new flows that it answers.</param>
public sealed record FleetUsedModel(string Role, string Name, string Version, string Sha256, double Share);

/// <summary>Tells how a sensor's traffic compares with that of training.</summary>
/// <param name="Level">The score of the latest window, as a multiple of the one that raises an alarm.</param>
/// <param name="Alarms">Drifts that began.</param>
/// <param name="Unusual">What is unusual in that window, in words.</param>
public sealed record FleetDrift(bool Active, double Level, long Alarms, IReadOnlyList<string> Unusual);

/// <summary>Describes a worker of a fleet.</summary>
/// <param name="Name">Its address.</param>
/// <param name="Threads">Batches that it scores at a time.</param>
/// <param name="Tiers">The tiers that it serves, in words.</param>
/// <param name="Late">Flows whose deadline passed before their turn came.</param>
/// <param name="Busy">Flows that it sent back for want of room.</param>
/// <param name="Refused">Flows that it refused, or whose model failed.</param>
public sealed record FleetWorkerDocument(string Name, string State, double Age, string Program, double Seconds,
    long Epoch, string? Problem, int Threads, string Tiers, long Batches, long Answered, long Late, long Busy,
    long Refused);
