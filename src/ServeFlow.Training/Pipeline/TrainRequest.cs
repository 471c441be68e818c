using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Holds what <c>train</c> was asked for.</summary>
public sealed record TrainRequest
{
    public const int DefaultFolds = 3;

    public const double DefaultUnknownBudget = 0.05;

    /// <summary>
    /// Specifies the share at which the mean wait on iot_device is more than halved; beyond it hardly any waiting
    /// is saved for what is lost (decision 0030).
    /// </summary>
    public const double DefaultEscalationTimeoutShare = 0.1;

    public required DataSet Data { get; init; }

    /// <summary>
    /// Gets whether the feature set is chosen by what models gain on captures that they have not seen; else it is that
    /// of <see cref="Data"/>, whose mask holds either way. Imported models are made for a set, which stays then.
    /// </summary>
    public bool ChoosesFeatures { get => field && Imports.Count == 0; init; }

    /// <summary>
    /// Gets whether models at <see cref="BundleLimits.MaxPackets"/> are added to <see cref="Depths"/> where the chosen
    /// features are sums over whole windows, if the data set had room for as many packets.
    /// </summary>
    public bool TriesWholeWindows { get => field && Data.Depth == BundleLimits.MaxPackets; init; }

    /// <summary>Gets the bundle's folder; a version is added to it.</summary>
    public required string Bundle { get; init; }

    /// <summary>Gets the kinds of models to try.</summary>
    public IReadOnlyList<ITrainer> Trainers { get; init; } =
        [new DtTrainer(), new RfTrainer(), new EtTrainer(), new LgbmTrainer()];

    /// <summary>Gets the packet depths to try each kind at.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [1, 2, 3, 5, 10];

    /// <summary>Gets the models made elsewhere that are candidates beside those trained here.</summary>
    public IReadOnlyList<ImportFile> Imports { get; init; } = [];

    /// <summary>Gets the class names of <see cref="Imports"/> that do not say them, in the order of their
    /// outputs.</summary>
    public IReadOnlyList<string>? ImportLabels { get; init; }

    /// <summary>Gets the tiers to use; null chooses them.</summary>
    public IReadOnlyList<ModelSpec>? Tiers { get; init; }

    public AssignmentGoal Goal { get; init; } = new();

    /// <summary>
    /// Gets what tiers are chosen for, where <see cref="Tiers"/> leaves it open; null chooses as few tiers as achieve
    /// <see cref="Goal"/>.
    /// </summary>
    public PlacementObjective? Objective { get; init; }

    /// <summary>Gets the largest cost of early answers that is to be tested; null tests nothing.</summary>
    public LossPromise? Promise { get; init; }

    /// <summary>Gets the share of known flows that may be answered unknown, so that flows of no known class can be;
    /// null gives every flow a class.</summary>
    public double? UnknownBudget { get; init; }

    public SplitKind Split { get; init; } = SplitKind.Capture;

    /// <summary>
    /// Parts that training flows are divided into; each part is predicted by models trained on the others, and
    /// thresholds are chosen on those predictions.
    /// </summary>
    public int Folds { get; init; } = DefaultFolds;

    /// <summary>Gets the share of the captures that training never sees, for <c>evaluate</c>.</summary>
    public double HoldOut { get; init; }

    /// <summary>Gets the share of the goal's loss that may go for waiting less long than the data set's wait limit with
    /// flows of which more packets hardly ever correct the answer; 0 waits to the limit with all.</summary>
    public double EscalationTimeoutShare { get; init; } = DefaultEscalationTimeoutShare;

    public TrainerOptions Options { get; init; } = new();

    /// <summary>Gets the constants that the cost of models is estimated by: tiers are chosen by them, not by a clock.
    /// </summary>
    public CostConstants Costs { get; init; } = CostConstants.Default;

    /// <summary>Gets what times computing; the times are shown, and nothing depends on them.</summary>
    internal CostMeasurement Meter { get; init; } = CostMeter.Measure;

    /// <summary>Gets every model to train: the kinds at the depths, and the tiers that were asked for.</summary>
    internal IReadOnlyList<ModelSpec> Specs =>
    [
        .. Depths.Order().SelectMany(depth => Trainers.Select(t => new ModelSpec(t.Name, depth)))
            .Union((Tiers ?? []).Except(Imports.Select(import => import.Spec))),
    ];

    /// <summary>Gets the rules by which the tiers are chosen.</summary>
    internal PlacementOptions Placement => new()
    {
        Goal = Goal,
        Tiers = Tiers,
        Objective = Objective,
        EscalationTimeoutShare = EscalationTimeoutShare,
        Seed = Options.Seed,
        Promise = Promise,
    };

    /// <exception cref="InputException">It cannot be done.</exception>
    internal void Check()
    {
        foreach (var spec in Specs)
        {
            Require(Trainers.Any(t => t.Name == spec.Model), $"tier {spec}: no model '{spec.Model}' among "
                + $"{string.Join(", ", Trainers.Select(t => t.Name))}; add it to the models to train",
                Setting.Tiers, Setting.Models);
            Require(spec.Depth <= Data.Depth, $"depth {spec.Depth}: the data set keeps {Data.Depth} packets of a flow");
        }

        foreach (var import in Imports)
        {
            Require(!Specs.Contains(import.Spec) && Imports.Count(i => i.Spec == import.Spec) == 1,
                $"{import.Path}: there is another {import.Spec}; rename the file, or "
                + $"say \"name\" in {import.Path}.json");
            Require(import.Spec.Depth <= Data.Depth,
                $"{import.Path}: waits for {import.Spec.Depth} packets, the data set keeps {Data.Depth} of a flow");
        }

        Require(Specs.Count > 0, "no model to train: name kinds of models and packet depths", Setting.Models,
            Setting.Depths);
        Require(Specs.All(s => s.Depth >= 1), "a packet depth below 1; a model needs a packet", Setting.Depths);
        Require(HoldOut is >= 0 and < 1,
            $"a share of {HoldOut} cannot be held out; give one from 0 to below 1", Setting.HoldOut);
        Require(UnknownBudget is null || Data.Labels.Count > 2,
            "learning to answer unknown leaves each class out in turn, so that it needs three or more; give "
            + "captures of more classes", Setting.Unknown);
        Require(!Data.Labels.Contains(Classification.UnknownLabel),
            $"a class is called '{Classification.UnknownLabel}', which is what flows of no class are answered; give it "
            + "another name, or leave the label of its flows empty", Setting.Labels);
        Require(Data.Labels.Count > 1, "only one class: there is nothing to tell apart; give captures of two or more");
    }

    static void Require(bool holds, string problem, params Setting[] settings)
    {
        if (!holds)
        {
            throw new InputException(problem) { Settings = settings };
        }
    }
}
