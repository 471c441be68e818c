using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Tests.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Cascade;

public sealed class TierScorerTests
{
    const int Flows = 200;

    static readonly FeatureSchema schema = FeatureSchema.Parse("nprint:ip4,tcp");

    [Theory]
    [InlineData(ScoringEngine.Portable, UncertaintyMeasure.Margin)]
    [InlineData(ScoringEngine.Avx2, UncertaintyMeasure.Entropy)]
    [InlineData(ScoringEngine.Avx512, UncertaintyMeasure.LeastConfidence)]
    public void Decide_AnswersKnownInAdvance_EqualsDecidingEachFlow(ScoringEngine engine, UncertaintyMeasure measure)
    {
        var model = DecisionTree(engine);
        var rule = new TierRule(1.7, measure, [.. Enumerable.Repeat(0.4, model.Classes)])
        {
            Isotonic = new([0.2, 0.5, 0.9], [0.1, 0.6, 0.8]),
        };
        var (known, raw) = (new TierScorer(rule, model.CreateScorer()), model.CreateScorer());
        Assert.False(((IAnswerScorer)raw).Answers.IsEmpty);
        var probabilities = new float[Flows * model.Classes];
        foreach (var flows in new[] { 1, 3, 40, Flows })
        {
            known.Begin(flows);
            for (var (flow, random) = (0, new Random(flows)); flow < flows; flow++)
            {
                var packet = DrawPacket(random);
                known.Add(flow, [packet]);
                raw.Add(flow, [packet]);
            }

            known.Score(flows);
            raw.Score(flows, probabilities);

            for (var flow = 0; flow < flows; flow++)
            {
                var expected = rule.Decide(probabilities.AsSpan(flow * model.Classes, model.Classes));
                AssertEqual(expected, known.Decide(flow));
            }
        }
    }

    [Fact]
    public void Decide_ByExpectedGain_ReadsTheGainOfEachFlow()
    {
        var model = DecisionTree(ScoringEngine.Avx2);
        var rule = TierRule.ForLastTier(1, UncertaintyMeasure.ExpectedGain, model.Classes);
        var scorer = new TierScorer(rule, model.CreateScorer(), DecisionTree(ScoringEngine.Avx2).CreateScorer());
        var random = new Random(1);
        for (var flow = 0; flow < Flows; flow++)
        {
            scorer.Add(flow, [DrawPacket(random)]);
        }

        scorer.Score(Flows);

        Assert.True(Enumerable.Range(0, Flows).Select(flow => scorer.Decide(flow).Uncertainty).Distinct().Count() > 1);
    }

    static void AssertEqual(in TierDecision expected, in TierDecision found)
    {
        Assert.Equal([.. expected.TopLabels], ((ReadOnlySpan<int>)found.TopLabels).ToArray());
        Assert.Equal([.. expected.TopConfidences], ((ReadOnlySpan<float>)found.TopConfidences).ToArray());
        Assert.Equal((expected.Uncertainty, expected.Threshold, expected.Escalate),
            (found.Uncertainty, found.Threshold, found.Escalate));
    }

    static CompiledModel DecisionTree(ScoringEngine engine)
    {
        var drawn = RandomForests.DrawDecisionTree(new(3), GainModel.Outcomes, leaves: 60, schema.ColumnsPerPacket);
        return new(new()
        {
            Classes = drawn.Classes,
            TreesPerIteration = drawn.TreesPerIteration,
            Transform = drawn.Transform,
            Trees = drawn.Trees,
            ColumnNames = [.. Enumerable.Range(0, schema.ColumnsPerPacket).Select(schema.ColumnName)],
        }, schema, 1, "drawn", engine);
    }

    static HeaderRecord DrawPacket(Random random)
    {
        var packet = new HeaderRecord { Ipv4Length = 20, TcpLength = (byte)(random.Next(5, 16) * 4) };
        Span<byte> bits = packet.Bits;
        random.NextBytes(bits.Slice(HeaderRecord.Ipv4Offset, 20));
        random.NextBytes(bits.Slice(HeaderRecord.TcpOffset, packet.TcpLength));
        return packet;
    }
}
