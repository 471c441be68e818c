using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Benchmarks.TierSelection;

/// <summary>
/// Candidates with made-up predictions: some flows are harder than others for all models, models of more packets know
/// more, and they are surer where they are right. Nothing was trained, and their scores mean nothing.
/// </summary>
sealed class SyntheticCandidates
{
    const int Classes = 11;

    const int Depths = 10;

    readonly Random random = new(1);
    readonly double[] hardness;

    public SyntheticCandidates(int count, int flows)
    {
        Flows = FlowSample.All(new()
        {
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            Depth = 1,
            Labels = [.. Enumerable.Range(0, Classes).Select(label => $"class{label}")],
            Captures = [new("synthetic.pcap", "")],
            Flows = [.. Enumerable.Range(0, flows).Select(_ => new LabelledFlow(random.Next(Classes), 0, 0, 0, 0, 0))],
            Headers = new(),
        });
        hardness = [.. Flows.Select(_ => random.NextDouble())];
        var gaps = Flows.Select(_ => Enumerable.Range(0, Depths)
            .Select(_ => (long)(1e6 / (0.001 + random.NextDouble())))
            .ToArray()).ToArray();
        Candidates = [.. Enumerable.Range(0, count).Select(i => Candidate(i / Depths, 1 + (i % Depths), gaps))];
    }

    public FlowSample Flows { get; }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    TierCandidate Candidate(int kind, int depth, long[][] gaps)
    {
        var predictions = Predict(0.6 + (0.03 * depth) + (0.01 * kind));
        var score = CascadeRun.SingleTier([predictions], 0).Score(Flows);
        return new()
        {
            Spec = new($"model{kind}", depth),
            Predictions = predictions,
            Cost = new(100 * (1 + kind) * (1 + depth), "none", 0, [new(1, 1)]),
            ReadyNs = [.. gaps.Select(g => g.Take(depth - 1).Sum())],
            WeightedF1 = score.WeightedF1,
            MacroF1 = score.MacroF1,
        };
    }

    Predictions Predict(double skill)
    {
        var predictions = new Predictions(Flows.Count, Classes);
        for (var flow = 0; flow < Flows.Count; flow++)
        {
            var margin = skill - hardness[flow] + (0.3 * (random.NextDouble() - 0.5));
            var sure = (float)Math.Clamp(0.1 + Math.Abs(margin), 0, 0.99);
            var row = predictions[flow];
            row.Fill((1 - sure) / Classes);
            row[margin > 0 ? Flows.Labels[flow] : random.Next(Classes)] += sure;
        }

        return predictions;
    }
}
