using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Tests.TierSelection;

/// <summary>Makes candidates for tiers from predictions that are known, without training.</summary>
static class TierCandidates
{
    /// <param name="readyNs">Gives when a flow has the packets, in nanoseconds after its first.</param>
    /// <param name="f1">The weighted F1, and the macro F1.</param>
    /// <param name="ns">Nanoseconds that the model takes for a flow.</param>
    public static TierCandidate New(string model, int depth, Predictions predictions, Func<int, long> readyNs,
        double f1, double ns = 100) => new()
        {
            Spec = new(model, depth),
            Predictions = predictions,
            Cost = new(ns, "test", 0, [new(1, 1)]),
            ReadyNs = [.. Enumerable.Range(0, predictions.Flows).Select(readyNs)],
            WeightedF1 = f1,
            MacroF1 = f1,
        };

    /// <inheritdoc cref="New(string, int, Predictions, Func{int, long}, double, double)"/>
    /// <param name="flows">The flows that the predictions are of; both F1 are those on them.</param>
    public static TierCandidate New(string model, int depth, Predictions predictions, Func<int, long> readyNs,
        FlowSample flows, double ns = 100)
    {
        var score = predictions.Score(flows);
        return New(model, depth, predictions, readyNs, score.WeightedF1, ns) with { MacroF1 = score.MacroF1 };
    }
}
