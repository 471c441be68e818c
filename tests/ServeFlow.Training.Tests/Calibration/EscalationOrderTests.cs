using CsCheck;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

/// <summary>What is said of a level rests on nothing that was fitted on the flows that it is said of.</summary>
public sealed class EscalationOrderTests
{
    const int Flows = 300;

    static readonly int[] Parts = [.. Enumerable.Range(0, Flows).Select(flow => flow % 3)];

    public static TheoryData<UncertaintyMeasure, AssignmentKind> Ways => new(
        from measure in new[] { UncertaintyMeasure.Margin, UncertaintyMeasure.Entropy }
        from kind in new[] { AssignmentKind.Universal, AssignmentKind.PerClass }
        select (measure, kind));

    [Theory]
    [MemberData(nameof(Ways))]
    public void Shares_LabelsOfAPartChange_ItsOwnFlowsStayWhereTheyAre(UncertaintyMeasure measure, AssignmentKind kind)
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 4);
        int[] others = [.. flows.Labels.Select((label, i) =>
            Parts[i] == 1 ? (label + 1 + (i % 2)) % CalibrationGen.Classes : label)];
        var relabelled = FlowSets.Sample(others, CalibrationGen.Classes);

        var first = Order(flows, tiers, measure, kind).Shares;
        var second = Order(relabelled, tiers, measure, kind).Shares;

        Assert.All(Enumerable.Range(0, Flows).Where(i => Parts[i] == 1), i => Assert.Equal(first[i], second[i]));
        Assert.True(kind == AssignmentKind.Universal || !first.SequenceEqual(second)); // others may move
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void PartRule_AtAnyShare_EscalatesTheFlowsThatTheirSharesSay(UncertaintyMeasure measure,
        AssignmentKind kind) => Gen.Select(Gen.Int[0, 500], Gen.Double[0, 0.999]).Sample((seed, escalated) =>
        {
            var (flows, tiers) = CalibrationGen.Tiers(Flows, seed);
            var order = Order(flows, tiers, measure, kind);
            var room = new float[CalibrationGen.Classes];

            Assert.All(Enumerable.Range(0, Flows), flow => Assert.Equal(order.Shares[flow] <= escalated,
                tiers[0].Decide(order.PartRule(Parts[flow], escalated), flow, room).Escalate));
        }, iter: 5);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Rule_AtTheEnds_EscalatesEverythingAndNothing(UncertaintyMeasure measure, AssignmentKind kind)
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 5);
        var order = Order(flows, tiers, measure, kind);

        Assert.Equal(Flows, Escalated(order.Rule(1), tiers));
        Assert.Equal(0, Escalated(order.Rule(0), tiers));
        Assert.InRange(Escalated(order.Rule(0.5), tiers), Flows / 10, Flows / 2);
    }

    /// <summary>A class that no flow is predicted to be of has no threshold: it is not answered early.</summary>
    [Fact]
    public void Rule_ClassThatIsNeverPredicted_EscalatesIt()
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 6);
        foreach (var flow in Enumerable.Range(0, Flows).Where(flow => tiers[0].TopClass(flow) == 2))
        {
            (tiers[0][flow][2], tiers[0][flow][0]) = (tiers[0][flow][0], tiers[0][flow][2]);
        }

        var rule = Order(flows, tiers, UncertaintyMeasure.Margin, AssignmentKind.PerClass).Rule(0.3);

        Assert.Equal(AssignmentCurve.Always, rule.Thresholds[2]);
    }

    [Fact]
    public void FirstLevels_AlongThePath_AnswerMoreAndMore()
    {
        double[] shares = [0, 0.11, 0.5, 0.9, 1];

        Assert.Equal([LevelPath.Never, 45, 26, 6, 1], LevelPath.FirstLevels(shares, 0, 1));
        Assert.True(LevelPath.FirstLevels(shares, 1, 2)[2] < LevelPath.FirstLevels(shares, 0, 2)[2]);
    }

    static EscalationOrder Order(FlowSample flows, List<Predictions> tiers, UncertaintyMeasure measure,
        AssignmentKind kind) =>
        new CrossFittedTier(flows, Parts, tiers[0], tiers[2], CalibrationKind.Temperature).Order(new(measure, kind));

    static int Escalated(TierRule rule, List<Predictions> tiers) =>
        CascadeRun.ByRules([rule, rule], [tiers[0], tiers[2]]).Escalated(0);
}
