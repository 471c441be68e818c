using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.FeatureSelection;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the first stage of a training: its flows, divided by what each is for.</summary>
sealed record TrainingData
{
    /// <summary>Gets the data set that all flows are of.</summary>
    public required DataSet DataSet { get; init; }

    /// <summary>Gets the flows that models are trained on.</summary>
    public required FlowSample Flows { get; init; }

    /// <summary>Gets the training flows that tiers are chosen, calibrated and measured on: those that no imported model
    /// was trained on.</summary>
    public required FlowSample CalibrationFlows { get; init; }

    /// <summary>Gets the training flows in folds, each to be predicted by models of the others.</summary>
    public required IReadOnlyList<SplitParts> Folds { get; init; }

    /// <summary>Gets the part of each calibration flow, from 0: its fold. Where all are of one fold, as they may be
    /// beside imported models, captures are dealt out to three parts.</summary>
    public required int[] Parts { get; init; }

    /// <summary>Gets the models to train.</summary>
    public required IReadOnlyList<ModelSpec> Specs { get; init; }

    /// <summary>Gets how the feature set was chosen; null where it was asked for.</summary>
    public BundleFeatureChoice? FeatureChoice { get; init; }

    /// <summary>Gets the models made elsewhere, joined to the data set.</summary>
    public required ImportedModels Imports { get; init; }

    /// <summary>Gets what was kept together when the flows were divided.</summary>
    public required SplitKind Split { get; init; }

    /// <summary>Gets the seed that the flows were divided by.</summary>
    public required int Seed { get; init; }

    /// <summary>Divides the flows of a request, and chooses what is seen of them where that was left open.</summary>
    /// <exception cref="InputException">There are too few captures or flows for what was asked.</exception>
    public static TrainingData Create(TrainRequest request, IProgress<TrainingProgress> progress,
        CancellationToken cancel)
    {
        if (!request.ChoosesFeatures)
        {
            return Divide(request);
        }

        var depth = request.Specs.Max(spec => spec.Depth);
        var whole = request.TriesWholeWindows ? BundleLimits.MaxPackets : depth;
        var (schema, choice) = new FeatureSelector(TrainingFlows(request), depth, whole, request.Options, request.Split)
            .Choose(progress, cancel);
        var chosen = request with { Data = request.Data.With(schema) };
        if (whole > depth && FeatureSelector.IsOfWholeWindows(schema))
        {
            chosen = chosen with { Depths = [.. request.Depths, whole] };
        }

        return Divide(chosen) with { FeatureChoice = choice };
    }

    /// <summary>Divides the flows of a request.</summary>
    /// <exception cref="InputException">There are too few captures or flows for what was asked.</exception>
    public static TrainingData Divide(TrainRequest request)
    {
        var (data, split, seed) = (request.Data, request.Split, request.Options.Seed);
        var flows = TrainingFlows(request);
        var imports = new ImportedModels(data, request.Imports, request.ImportLabels);
        var calibrationFlows = imports.Unseen(flows, "calibrate on");
        imports.Warn(flows, calibrationFlows);
        var folds = Datasets.Split.Folds(flows, CountFolds(flows, split, request.Folds), split, seed);
        return new()
        {
            DataSet = data,
            Flows = flows,
            CalibrationFlows = calibrationFlows,
            Folds = folds,
            Specs = request.Specs,
            Parts = PartsOf(folds, calibrationFlows),
            Imports = imports,
            Split = split,
            Seed = seed,
        };
    }

    static FlowSample TrainingFlows(TrainRequest request) =>
        HoldOutSplit.TrainingFlows(request.Data, request.HoldOut, request.Split, request.Options.Seed);

    static int[] PartsOf(IReadOnlyList<SplitParts> folds, FlowSample flows)
    {
        var folded = SplitParts.FoldOf(folds, flows);
        if (folded.Distinct().Count() == 1)
        {
            var captures = flows.Groups.Distinct().Order().Index().ToDictionary(c => c.Item, c => c.Index);
            folded = captures.Count > 1
                ? [.. flows.Groups.Select(capture => captures[capture] % TrainRequest.DefaultFolds)]
                : [.. Enumerable.Range(0, flows.Count).Select(flow => flow % TrainRequest.DefaultFolds)];
        }

        var numbers = folded.Distinct().Order().Index().ToDictionary(part => part.Item, part => part.Index);
        return Array.ConvertAll(folded, part => numbers[part]);
    }

    /// <summary>Limits the folds to the number of captures, where whole captures are held out.</summary>
    static int CountFolds(FlowSample flows, SplitKind split, int max) =>
        split == SplitKind.Capture ? Math.Clamp(flows.Groups.Distinct().Count(), 2, max) : max;
}
