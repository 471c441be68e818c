using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Drift;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Drift;

public sealed class AnsweredFlowsTests
{
    static readonly FlowSample Flows = FlowSample.All(SessionFlows.Data(flowsPerCapture: 3, captures: 2));

    /// <summary>A flow that is answered unknown counts for no class, and every other one for its own.</summary>
    [Fact]
    public void From_UnknownFlows_HaveNoClass()
    {
        var isUnknown = Enumerable.Range(0, Flows.Count).Select(flow => flow % 2 == 0).ToArray();

        var answered = Answer(isUnknown, []);

        Assert.Equal(isUnknown.Select(unknown => unknown ? Classification.UnknownId : 1),
            answered.Answers.Select(answer => answer.Label));
        Assert.All(answered.Answers, answer => Assert.Equal(0.6f, answer.Confidence, 1e-6f));
    }

    /// <summary>A value at a threshold is not above it: a sensor counts such a flow the same way.</summary>
    [Fact]
    public void From_ValueAtTheThreshold_IsNoYes()
    {
        var value = new float[1];
        Flows.Data.Schema.Extract(Flows.Packets(0)[..1], [0], value);

        var answered = Answer(null, [new(0, value[0]), new(0, value[0] - 0.5)]);

        Assert.Equal(0b10u, answered.Yes[0]);
    }

    static AnsweredFlows Answer(bool[]? isUnknown, IReadOnlyList<TreeQuestion> asked)
    {
        var predictions = new Predictions(Flows.Count, 3);
        for (var flow = 0; flow < Flows.Count; flow++)
        {
            ((float[])[0.3f, 0.6f, 0.1f]).CopyTo(predictions[flow]);
        }

        var rule = new TierRule(1, UncertaintyMeasure.LeastConfidence, [1, 1, 1]);
        return AnsweredFlows.From(Flows, CascadeRun.ByRules([rule], [predictions]), [rule], [predictions], isUnknown,
            asked, depth: 1);
    }
}
