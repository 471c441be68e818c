using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>Says what a data set is made of.</summary>
public sealed record DataSetOptions
{
    /// <summary>Gets a capture file, or a directory that is searched recursively.</summary>
    public required string Path { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    /// <summary>Gets the labels CSV; null where a directory per class is the label.</summary>
    public string? Labels { get; init; }

    /// <summary>Gets what is added to the times of the labels: they were written by another clock.</summary>
    public TimeSpan LabelShift { get; init; }

    /// <summary>
    /// Gets whether the captures are one link's: flows go on from one to the next, and those that overlap are merged.
    /// A flow belongs to the capture that it begins in.
    /// </summary>
    public bool JoinsCaptures { get; init; }

    /// <summary>Gets the labels' column by whose values flows are divided; null divides them by capture.</summary>
    public GroupColumn? Group { get; init; }

    public required FeatureSchema Schema { get; init; }

    /// <summary>Gets the most packets that are kept of a flow.</summary>
    public int Depth { get; init; } = 10;

    /// <summary>
    /// Gets whether <see cref="BundleLimits.MaxPackets"/> of each unit are kept instead, if there is room for the
    /// headers of all; nearly all windows are whole then.
    /// </summary>
    public bool KeepsWholeWindows { get; init; }

    /// <summary>Gets the room for them: by default five million packets, which are about four gigabytes of captures.
    /// </summary>
    internal long MaxWholeWindowBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Gets how long after a unit's first packet its packets are kept: as long as it may stay undecided.
    /// </summary>
    public TimeSpan WaitLimit { get; init; } = CollectionRule.DefaultWaitLimit;

    /// <summary>Gets the length of a window, each a unit of its own; null where the flow is the unit.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Limits the windows of one flow, spread evenly over it; null takes all.</summary>
    public int? MaxWindows { get; init; }

    /// <summary>Must be what serving uses, or flows end elsewhere.</summary>
    public FlowOptions Flows { get; init; } = new();

    /// <summary>Fewer classes than this are an error: training needs two, evaluating a bundle one.</summary>
    public int MinClasses { get; init; } = 2;
}

/// <summary>Tells how far the reading of captures has come.</summary>
/// <param name="Done">Share of the bytes read, 0–1.</param>
/// <param name="What">What is being read, for a progress bar.</param>
public readonly record struct DataSetProgress(double Done, string What)
{
    internal const string Reading = "reading captures";

    /// <summary>Creates what is told which share of the captures has been read.</summary>
    internal static IProgress<double> ForReading(IProgress<DataSetProgress>? progress) => new Share(progress);

    /// <summary>Reports in the caller's thread, so that no report comes after a later stage's.</summary>
    sealed class Share(IProgress<DataSetProgress>? progress) : IProgress<double>
    {
        public void Report(double value) => progress?.Report(new(value, Reading));
    }
}

/// <summary>Represents a data set, and how labels and captures met.</summary>
public sealed record LabelledData(DataSet Data, LabelReport Report);
