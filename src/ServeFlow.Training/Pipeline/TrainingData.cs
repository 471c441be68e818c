using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;

namespace ServeFlow.Training.Pipeline;

/// <summary>The first stage of a training: its flows, divided by what each is for.</summary>
sealed record TrainingData
{
    /// <summary>Gets the data set that all flows are of.</summary>
    public required DataSet DataSet { get; init; }

    /// <summary>Gets the flows that models are trained on.</summary>
    public required FlowSample Flows { get; init; }

    /// <summary>Gets the flows that neither models nor thresholds see, to test a promise on; null where none is made.
    /// </summary>
    public FlowSample? PromiseFlows { get; init; }

    /// <summary>Gets the training flows that tiers are chosen, calibrated and measured on: those that no imported model
    /// was trained on.</summary>
    public required FlowSample CalibrationFlows { get; init; }

    /// <summary>Gets the training flows in folds, each to be predicted by models of the others.</summary>
    public required IReadOnlyList<SplitParts> Folds { get; init; }

    /// <summary>Gets the models made elsewhere, joined to the data set.</summary>
    public required ImportedModels Imports { get; init; }

    /// <summary>Gets what was kept together when the flows were divided.</summary>
    public required SplitKind Split { get; init; }

    /// <summary>Gets the seed that the flows were divided by.</summary>
    public required int Seed { get; init; }

    /// <summary>Divides the flows of a request.</summary>
    /// <exception cref="InputException">There are too few captures or flows for what was asked.</exception>
    public static TrainingData Divide(TrainRequest request)
    {
        var (data, split, seed) = (request.Data, request.Split, request.Options.Seed);
        var flows = HoldOutSplit.TrainingFlows(data, request.HoldOut, split, seed);
        var imports = new ImportedModels(data, request.Imports, request.ImportLabels);
        FlowSample? promiseFlows = null;
        if (request.Promise is { } promise)
        {
            (flows, promiseFlows) = PromiseTestSplit.Divide(flows, promise, split, seed);
            promiseFlows = imports.Unseen(promiseFlows, "test the promise on");
            PromiseTestSplit.Check(promiseFlows, promise);
        }

        var calibrationFlows = imports.Unseen(flows, "calibrate on");
        imports.Warn(flows, calibrationFlows);
        return new()
        {
            DataSet = data,
            Flows = flows,
            PromiseFlows = promiseFlows,
            CalibrationFlows = calibrationFlows,
            Folds = Datasets.Split.Folds(flows, CountFolds(flows, split, request.Folds), split, seed),
            Imports = imports,
            Split = split,
            Seed = seed,
        };
    }

    /// <summary>Limits the folds to the number of captures, where whole captures are held out.</summary>
    static int CountFolds(FlowSample flows, SplitKind split, int max) =>
        split == SplitKind.Capture ? Math.Clamp(flows.Captures.Distinct().Count(), 2, max) : max;
}
