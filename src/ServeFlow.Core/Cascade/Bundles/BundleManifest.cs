using System.Text.Json.Serialization;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// <c>cascade.json</c>: everything a bundle says about itself. docs/formats/bundle.md describes each field.
/// It holds no clock time and no machine's name, so that the same training gives the same bytes; what was
/// measured lies beside it, in <see cref="BundleTimings"/>.
/// </summary>
public sealed record BundleManifest
{
    /// <summary>Version of the format that this code writes and the only one that it reads.</summary>
    public const int CurrentSchema = 1;

    public required int Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>Gets the name of the version's folder: 1, 2, 3, …</summary>
    public required string Version { get; init; }

    public required BundleFeatures Features { get; init; }

    /// <summary>Class names; a class's number is its place.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Limits how long a flow may stay undecided, in milliseconds of packet time.</summary>
    public required double WaitLimitMs { get; init; }

    /// <summary>
    /// Gets the length of the windows that are classified, in milliseconds; null classifies each flow once.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? WindowMs { get; init; }

    /// <summary>Gets the flow rules of training; null, in older bundles, stands for the default ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleFlows? Flows { get; init; }

    /// <summary>Gets the protocols of the flows trained on; null, in older bundles, asks the tiers about any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleProtocols? Protocols { get; init; }

    public required IReadOnlyList<BundleTier> Tiers { get; init; }

    /// <summary>Gets every other file of the bundle; no file may lie beside these.</summary>
    public required IReadOnlyList<BundleFile> Files { get; init; }

    public required BundleData Data { get; init; }

    public required BundleMetrics Metrics { get; init; }

    /// <summary>Gets the promise that the thresholds were tested against; null where none was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundlePromise? Promise { get; init; }

    /// <summary>
    /// Gets the candidates that the tiers were chosen from; null in bundles written before they were kept.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundlePlacement? Placement { get; init; }

    /// <summary>
    /// Gets the rule by which a flow belongs to no class of this bundle; null where every flow gets a class.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleUnknown? Unknown { get; init; }

    /// <summary>
    /// Gets what the traffic of training looked like, to tell when that of a sensor is another; null in older bundles
    /// and where there were too few captures to say.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DriftBaseline? Drift { get; init; }

    /// <summary>
    /// Gets the bundle whose models these are, where thresholds and probabilities were calibrated anew; null where the
    /// models were trained with them.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleOrigin? Origin { get; init; }
}

/// <summary>
/// A promise on the loss: of all flows, at most a share is answered wrongly by an early tier where the last would have
/// been right. docs/evaluation.md says under which conditions.
/// </summary>
/// <param name="MaxLoss">The largest share of flows that may be lost, from 0 to 1.</param>
/// <param name="Confidence">Probability that it is kept.</param>
/// <param name="Flows">Flows it was tested on, each answered by models and thresholds of other folds.</param>
/// <param name="Lost">Flows lost among them.</param>
/// <param name="Bound">The share of flows that is lost at most, from 0 to 1, at that confidence, as the bundle is
/// served.</param>
public sealed record BundlePromise(double MaxLoss, double Confidence, int Flows, int Lost, double Bound)
{
    /// <summary>Gets the number of captures that it was tested on; null in older bundles, which tested flows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Captures { get; init; }

    /// <summary>Gets the bound by drawing captures anew, which is tighter and holds only about; null in older bundles.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ApproximateBound { get; init; }

    /// <summary>Gets whether no flow is answered early, so that nothing was promised.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Vacuous { get; init; }
}

/// <summary>Represents the feature set that the models were trained on.</summary>
/// <param name="Set">Such as <c>nprint:ip4,tcp,udp+dir</c>.</param>
/// <param name="Mask"><c>default</c>, <c>none</c> or a list of fields.</param>
/// <param name="Hash">The hash of the resulting schema; it is checked against this program's own at load.</param>
public sealed record BundleFeatures(string Set, string Mask, string Hash)
{
    /// <summary>Gets how the set was chosen; null where it was asked for, and in older bundles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleFeatureChoice? Choice { get; init; }
}

/// <summary>Describes one tier of the cascade.</summary>
public sealed record BundleTier
{
    public required string Name { get; init; }

    /// <summary>Gets the kind of model: <c>dt</c>, <c>rf</c>, <c>lgbm</c>, or the name of one that was
    /// imported.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Null where training made the model itself: then it is LightGBM's text, its classes the labels.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleImport? Import { get; init; }

    /// <summary>Gets the number of packets that the model waits for.</summary>
    public required int Packets { get; init; }

    /// <summary>Gets the model's file; one of <see cref="BundleManifest.Files"/>.</summary>
    public required string File { get; init; }

    public required double Temperature { get; init; }

    /// <summary>Gets the calibration of the top probability, after the temperature; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleIsotonic? Isotonic { get; init; }

    /// <summary><c>least_confidence</c>, <c>margin</c>, <c>entropy</c> or <c>expected_gain</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>
    /// The file of the tier's <see cref="GainModel"/>, among <see cref="BundleManifest.Files"/>; there where the
    /// measure is <c>expected_gain</c>, and only there.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GainFile { get; init; }

    /// <summary>
    /// Gets the kind of thresholds: <c>universal</c>, <c>per_class</c>, or <c>last</c> at the last tier.
    /// </summary>
    public required string Assignment { get; init; }

    /// <summary>
    /// Gets one threshold per label, in the order of the labels; empty at the last tier, which never escalates.
    /// </summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>
    /// Gets one escalation timeout per label, in milliseconds of packet time: an unsure flow waits no longer for the
    /// next tier's packets. Null where <see cref="BundleManifest.WaitLimitMs"/> alone holds.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("patience_ms")]
    public IReadOnlyList<double>? EscalationTimeoutsMs { get; init; }

    /// <summary>
    /// Gets the files and weights that score a flow's novelty at this tier; null where the bundle has no
    /// <see cref="BundleManifest.Unknown"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleNovelty? Novelty { get; init; }
}

/// <summary>Represents the knots of an <see cref="IsotonicMap"/>.</summary>
public sealed record BundleIsotonic(IReadOnlyList<double> Confidences, IReadOnlyList<double> Accuracies);

/// <summary>Represents a file of the bundle.</summary>
/// <param name="Name">A plain file name: no folder, no link.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
public sealed record BundleFile(string Name, long Bytes, string Sha256);

/// <summary>Describes the data that the bundle was trained on.</summary>
/// <param name="Sha256">The SHA-256 of the data set: its captures' hashes and every flow's label.</param>
/// <param name="Flows">Labelled flows that took part in training.</param>
/// <param name="Split"><c>capture</c>, <c>time</c> or <c>flow</c>.</param>
/// <param name="Seed">The seed of everything that was drawn at random.</param>
/// <param name="Trained">Captures that training saw: <c>evaluate</c> leaves them out.</param>
/// <param name="HeldOut">Captures that it did not.</param>
public sealed record BundleData(string Sha256, int Flows, string Split, int Seed, IReadOnlyList<BundleCapture> Trained,
    IReadOnlyList<BundleCapture> HeldOut)
{
    /// <summary>Gets the groups that flows were divided by; null where they were divided by capture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleGroups? Groups { get; init; }

    /// <summary>Gets what was kept together when flows were divided, as a word.</summary>
    [JsonIgnore]
    public string GroupWord => Groups is null ? "capture" : "group";
}

/// <summary>Lists the groups, such as sessions or hosts, whose flows training saw.</summary>
/// <param name="Column">The column of the labels file that names them.</param>
/// <param name="Trained">Groups that training saw: <c>evaluate</c> leaves them out.</param>
public sealed record BundleGroups(string Column, IReadOnlyList<string> Trained);

/// <summary>Represents a capture file of the data set, by its path in it and its bytes' hash.</summary>
public sealed record BundleCapture(string Path, string Sha256);

/// <summary>Measured in training, on flows that the model in question had not seen.</summary>
/// <param name="WeightedF1">The cascade's weighted F1, from 0 to 1.</param>
/// <param name="SlowWeightedF1">The last tier's weighted F1 if it answered every flow, from 0 to 1.</param>
/// <param name="FirstPacketShare">Share of flows answered by tiers that need one packet.</param>
/// <param name="ErrorsCaught">Share of the first tier's wrong answers that were escalated.</param>
/// <param name="Tiers">The figures of each tier, in order.</param>
public sealed record BundleMetrics(double WeightedF1, double SlowWeightedF1, double FirstPacketShare,
    double ErrorsCaught, IReadOnlyList<BundleTierMetrics> Tiers)
{
    /// <summary>Gets the ways to escalate that were compared; null in older bundles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BundleAssignment>? Assignments { get; init; }
}

/// <summary>Represents a way to escalate, compared with others in training.</summary>
/// <param name="Tier">The tier's name.</param>
/// <param name="Measure">As <see cref="BundleTier.Measure"/>.</param>
/// <param name="Assignment">As <see cref="BundleTier.Assignment"/>.</param>
/// <param name="Area">The area under (share escalated, weighted F1) on captures that the thresholds were not found on:
/// 0 for escalation at random, 1 for an oracle that knows which answers the last tier corrects.</param>
public sealed record BundleAssignment(string Tier, string Measure, string Assignment, double Area);

/// <summary>Represents a tier's part of <see cref="BundleMetrics"/>.</summary>
/// <param name="WeightedF1">The weighted F1 of this tier's model on every flow, from 0 to 1.</param>
/// <param name="AnsweredShare">Share of all flows that it answered.</param>
/// <param name="EscalatedShare">Share of all flows that it passed on.</param>
public sealed record BundleTierMetrics(double WeightedF1, double AnsweredShare, double EscalatedShare);
