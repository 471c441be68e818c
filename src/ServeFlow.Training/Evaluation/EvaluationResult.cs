using ServeFlow.Cascade.Bundles;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>Counts what was evaluated.</summary>
public sealed record EvaluationCounts
{
    /// <summary>Gets what became of the files: read, unreadable, left out.</summary>
    public CaptureAccount Files { get; init; } = new();

    /// <summary>Gets the number of captures with flows that count.</summary>
    public required int Captures { get; init; }

    /// <summary>Captures left out because the bundle was trained on them.</summary>
    public required int CapturesTrainedOn { get; init; }

    public required int Flows { get; init; }

    public required int Classes { get; init; }

    /// <summary>Gets the number of flows of the captures without a label.</summary>
    public required long Unlabelled { get; init; }

    /// <summary>Gets the number of labels without a flow.</summary>
    public required long LabelsUnmatched { get; init; }

    /// <summary>
    /// Hash of the data set that was read, captures trained on included; see <see cref="DataSet.Sha256"/>.
    /// </summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the seed of everything that was drawn at random.</summary>
    public required int Seed { get; init; }
}

/// <summary>Holds what an evaluation found.</summary>
public sealed record EvaluationResult
{
    public required Bundle Bundle { get; init; }

    /// <summary>Gets the unit that was answered and counted: flows, or windows of them.</summary>
    public FlowWindows Unit => new(Bundle.Plan.Window);

    public required EvaluationCounts Data { get; init; }

    /// <summary>Gets where the captures' packets went and what was odd; null where that was not asked.</summary>
    public TrafficReport? Traffic { get; init; }

    /// <summary>Gets the bundle's labels, then others that occurred.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required SystemScore Cascade { get; init; }

    /// <summary>Gets the first tier on every flow.</summary>
    public required SystemScore FastestOnly { get; init; }

    /// <summary>Gets the last tier that waits no longer than the first, on every flow.</summary>
    public required SystemScore FastOnly { get; init; }

    /// <summary>Gets the last tier on every flow.</summary>
    public required SystemScore SlowOnly { get; init; }

    /// <summary>Escalates as many flows as the cascade at each tier, drawn at random; the mean over a hundred
    /// draws.</summary>
    public required SystemScore Random { get; init; }

    /// <summary>Knows which answers are wrong, and which a later tier corrects.</summary>
    public required SystemScore Oracle { get; init; }

    public required IReadOnlyList<TierScore> Tiers { get; init; }

    /// <summary>Gets the headline: the cascade beside its slow tier.</summary>
    public required CascadeComparison Comparison { get; init; }

    /// <summary>Gets the cascade's answers.</summary>
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>Gets the cascade's scores by class: the classes that have flows or are answered.</summary>
    public required IReadOnlyList<ClassScore> Classes { get; init; }

    /// <summary>Gets the answers to each flow; none where they were not asked for.</summary>
    public IReadOnlyList<FlowPrediction> Predictions { get; init; } = [];

    /// <summary>Gets the votes of windows, per flow and per capture; none where flows were answered whole.</summary>
    public IReadOnlyList<UnitVote> Votes { get; init; } = [];

    /// <summary>Gets one curve for each tier that escalates.</summary>
    public required IReadOnlyList<EvaluationCurve> Curves { get; init; }

    /// <summary>Gets, for each tier, how far its confidences can be trusted.</summary>
    public required IReadOnlyList<TierReliability> Reliability { get; init; }

    /// <summary>Gets what each tier did with the flows that reached it.</summary>
    public required FlowPaths Paths { get; init; }

    /// <summary>Gets how long flows have to be waited for, by packets wanted.</summary>
    public required IReadOnlyList<WaitCurve> Waits { get; init; }

    /// <summary>Gets the flows that look like one the bundle was trained on, for each depth of a tier; empty where the
    /// captures that it was trained on were not given too.</summary>
    public required IReadOnlyList<NearDuplicateReport> NearDuplicates { get; init; }

    /// <summary>Gets whether the scores can be believed; null where that was not checked.</summary>
    public AuditReport? Audit { get; init; }

    /// <summary>Gets which header fields the answers rest on; null where that was not measured.</summary>
    public ImportanceReport? Importance { get; init; }

    /// <summary>Gets what answering <c>unknown</c> did; null where the bundle gives every flow a class.</summary>
    public UnknownReport? Unknown { get; init; }

    /// <summary>Gets the number of flows of protocols that training saw none of, answered <c>unknown</c> at once.
    /// </summary>
    public int UnknownProtocols { get; init; }

    /// <summary>Gets the number of flows that an early tier answered wrongly and the last tier would have answered
    /// rightly.</summary>
    public required int Lost { get; init; }

    /// <summary>Lost flows as a share of all.</summary>
    public double LostShare => (double)Lost / Data.Flows;

    /// <summary>Gets the share of the first tier's wrong answers that were escalated.</summary>
    public double ErrorsCaught => Tiers[0].ErrorsCaught;

    public IEnumerable<(string Name, SystemScore Score)> Systems =>
    [
        ("cascade", Cascade), ("fastest_only", FastestOnly), ("fast_only", FastOnly), ("slow_only", SlowOnly),
        ("random", Random), ("oracle", Oracle),
    ];
}
