using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Benchmarks.Promises;

/// <summary>
/// Holds all flows of a data set, each predicted by models that had not seen its capture. Data sets of as many captures
/// are drawn from it with replacement, and what is chosen on one of them is judged on all flows.
/// </summary>
sealed class CapturePopulation
{
    readonly TrainingData data;
    readonly int[][] flowsOfCapture;

    CapturePopulation(TrainingData data, MeasuredCandidates candidates)
    {
        this.data = data;
        Candidates = candidates.All;
        flowsOfCapture = [.. Flows.Captures.Index().GroupBy(flow => flow.Item, flow => flow.Index)
            .OrderBy(capture => capture.Key).Select(capture => capture.ToArray())];
    }

    public FlowSample Flows => data.CalibrationFlows;

    public int Captures => flowsOfCapture.Length;

    /// <summary>Gets the models that may become tiers, with their predictions of <see cref="Flows"/>.</summary>
    public IReadOnlyList<TierCandidate> Candidates { get; }

    /// <summary>Trains every model of a request by folds, as <c>train</c> does.</summary>
    public static CapturePopulation Measure(TrainRequest request, CancellationToken cancel)
    {
        request.Check();
        var work = new TrainingWork(request.Specs, request.ChoosesFeatures, false, null);
        var data = TrainingData.Create(request, work.Features, cancel);
        return new(data, MeasuredCandidates.Measure(data, request, new(request.Trainers, request.Options), work,
            cancel));
    }

    /// <summary>Draws as many captures as there are, with replacement.</summary>
    /// <returns>The captures by number, from 0 to <see cref="Captures"/>.</returns>
    public int[] Draw(Random random) => [.. Enumerable.Range(0, Captures).Select(_ => random.Next(Captures))];

    /// <summary>Determines for each of <see cref="Flows"/> whether its capture was drawn.</summary>
    public bool[] AreDrawn(int[] captures)
    {
        var drawn = new bool[Flows.Count];
        foreach (var position in captures.SelectMany(capture => flowsOfCapture[capture]))
        {
            drawn[position] = true;
        }

        return drawn;
    }

    /// <summary>Makes of captures that were drawn what <c>train</c> places tiers on. A capture that was drawn twice
    /// counts as two captures of the same fold, so that nothing is judged by flows that it was fitted on.</summary>
    public (TrainingData Data, MeasuredCandidates Candidates) Take(int[] captures)
    {
        int[] positions = [.. captures.SelectMany(capture => flowsOfCapture[capture])];
        var drawn = FlowSample.All(Copy(captures));
        var parts = Array.ConvertAll(positions, position => data.Parts[position]);
        return (data with { DataSet = drawn.Data, Flows = drawn, CalibrationFlows = drawn, Parts = parts },
            new([.. Candidates.Select(candidate => Take(candidate, drawn, positions))]));
    }

    /// <summary>Makes a data set of captures that were drawn, in their order.</summary>
    DataSet Copy(int[] captures) => new()
    {
        Schema = Flows.Data.Schema,
        Depth = Flows.Data.Depth,
        WaitLimit = Flows.Data.WaitLimit,
        FlowRules = Flows.Data.FlowRules,
        Labels = Flows.Data.Labels,
        Captures = [.. captures.Select(capture => Flows.Data.Captures[Flows.Captures[flowsOfCapture[capture][0]]])],
        Flows = [.. captures.Index().SelectMany(capture => flowsOfCapture[capture.Item]
            .Select(position => Flows[position] with { Capture = capture.Index }))],
        Headers = Flows.Data.Headers,
    };

    TierCandidate Take(TierCandidate candidate, FlowSample drawn, int[] positions)
    {
        var taken = candidate.Subset(positions);
        var score = taken.Predictions.Score(drawn);
        return taken with
        {
            WeightedF1 = score.WeightedF1,
            MacroF1 = score.MacroF1,
            ScorePackets = (asked, packets) => candidate.ScorePackets!(Originals(asked, positions), packets),
        };
    }

    /// <summary>Gets the flows that some were drawn from: models are kept for those.</summary>
    FlowSample Originals(FlowSample asked, int[] positions) =>
        Flows.Subset([.. Enumerable.Range(0, asked.Count).Select(row => positions[asked.FlowIndex(row)])]);
}
