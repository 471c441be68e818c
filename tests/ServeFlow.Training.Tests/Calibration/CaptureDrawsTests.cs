using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

/// <summary>The fast sums over captures beside flows that are really drawn again.</summary>
public sealed class CaptureDrawsTests
{
    const int Classes = 4;

    [Fact]
    public void Create_SameSeed_DrawsTheSame()
    {
        var flows = Flows(new(1), captures: 30);
        double[] Draw(int seed) => CaptureDraws.Create(flows, seed, 50).Means(f => flows.Labels[f]);

        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
    }

    [Fact]
    public void Create_EveryDraw_HasAsManyCapturesAsThereAre()
    {
        var draws = CaptureDraws.Create(Flows(new(2), captures: 30), 1, 50);

        Assert.Equal(30, draws.Captures);
        Assert.All(Enumerable.Range(0, 50), draw => Assert.Equal(30, Sum(draws.Weights(draw))));
    }

    /// <summary>Both views are of the same draws: those of the groups by draw, and those of a flow by column.</summary>
    [Fact]
    public void WeightsOf_EveryFlow_AreOneAndThoseOfTheDraws()
    {
        var flows = Flows(new(2), captures: 30);
        var draws = CaptureDraws.Create(flows, 1, 50);

        Assert.Equal(51, draws.Columns);
        Assert.All(Enumerable.Range(0, flows.Count), flow => Assert.Equal(
            [1, .. Enumerable.Range(0, 50).Select(draw => (float)draws.Weights(draw)[draws.Group(flow)])],
            draws.WeightsOf(flow).ToArray()));
    }

    /// <summary>What a seed draws decides every bound and interval of a training, so it stays what it was.</summary>
    [Fact]
    public void Create_Seed_DrawsCapturesInTheOrderOfItsRandomNumbers()
    {
        var draws = CaptureDraws.Create(Flows(new(2), captures: 30), 7, 3);
        var random = new Random(7);

        for (var draw = 0; draw < 3; draw++)
        {
            var expected = new byte[30];
            Array.ForEach([.. Enumerable.Range(0, 30)], _ => expected[random.Next(30)]++);
            Assert.Equal(expected, draws.Weights(draw).ToArray());
        }
    }

    [Fact]
    public void Create_MoreCapturesThanAreDrawnOneByOne_DrawsTheirGroups()
    {
        int[] captures = [.. Enumerable.Range(0, 10_001)];
        var draws = CaptureDraws.Create(FlowSets.Sample([.. captures.Select(_ => 0)], 1, captures), 1, 2);

        Assert.Equal((10_001, 10_000), (draws.Captures, draws.Groups));
        Assert.Equal(draws.Group(0), draws.Group(10_000));
        Assert.Equal(10_000, Sum(draws.Weights(1)));
    }

    [Fact]
    public void Create_OneCapture_DrawsFlows()
    {
        var flows = FlowSets.Sample([0, 1, 1, 0, 1], 2);
        var draws = CaptureDraws.Create(flows, 1, 200);

        Assert.True(draws.DrawsFlows);
        Assert.Equal(5, draws.Groups);
        Assert.True(draws.Means(f => flows.Labels[f]).Distinct().Count() > 3);
    }

    [Fact]
    public void Compute_EveryFigure_IsThatOfTheFlowsThatWereDrawn()
    {
        var random = new Random(3);
        var flows = Flows(random, captures: 25);
        var draws = CaptureDraws.Create(flows, 5, 40);
        SystemAnswer[] answers = [.. Enumerable.Range(0, flows.Count).Select(f => new SystemAnswer(f,
            random.Next(3) == 0 ? random.Next(-1, Classes) : flows.Labels[f], Math.Pow(10, random.Next(-3, 4)),
            random.Next(1, 10)))];

        var fast = SystemDraws.Compute(draws, flows, answers);

        for (var draw = 0; draw < draws.Draws; draw++)
        {
            AssertEqual(fast, draw, [.. Drawn(draws, draw, answers)], flows);
        }
    }

    [Fact]
    public void Compute_WeightedAnswers_CountByTheirWeight()
    {
        var flows = FlowSets.Sample([0, 0, 1], 2, [0, 1, 2]);
        var draws = CaptureDraws.Create(flows, 1, 10);
        SystemAnswer[] answers =
            [new(0, 0, 1, 1, 0.25), new(0, 1, 100, 1, 0.75), new(1, 0, 1, 1), new(2, 1, 1, 1)];

        var accuracy = SystemDraws.Compute(draws, flows, answers).Accuracy;

        for (var draw = 0; draw < draws.Draws; draw++)
        {
            var drawn = draws.Weights(draw);
            Assert.Equal(((0.25 * drawn[0]) + drawn[1] + drawn[2]) / 3, accuracy[draw], 9);
        }
    }

    [Fact]
    public void Classes_OneDraw_HaveThatDrawsScores()
    {
        var random = new Random(4);
        var flows = Flows(random, captures: 40);
        var draws = CaptureDraws.Create(flows, 9, 1);
        SystemAnswer[] answers = [.. Enumerable.Range(0, flows.Count).Select(f => new SystemAnswer(f,
            random.Next(3) == 0 ? random.Next(Classes) : flows.Labels[f], 1, 1))];
        var matrix = new ConfusionMatrix(Classes);
        Array.ForEach([.. Drawn(draws, 0, answers)], a => matrix.Add(flows.Labels[a.Flow], a.Class));

        var classes = ClassDraws.Compute(draws, flows.Labels, Classes, answers);

        Assert.All(Enumerable.Range(0, Classes), c =>
        {
            Assert.Equal(matrix.Recall(c), classes.Recall(c)!.Value.Low, 9);
            Assert.Equal(matrix.Precision(c), classes.Precision(c)!.Value.High, 9);
            Assert.Equal(matrix.F1(c), classes.F1(c)!.Value.High, 9);
        });
    }

    [Fact]
    public void Classes_RightOrWrongInEveryCapture_KeepTheDoubtThatTheirCapturesLeave()
    {
        var flows = FlowSets.Sample([0, 0, 0, 1, 1], 2, [0, 1, 2, 3, 4]);
        var draws = CaptureDraws.Create(flows, 1, CaptureDraws.ForIntervals);
        SystemAnswer[] answers = [.. Enumerable.Range(0, 5).Select(f => new SystemAnswer(f, 0, 1, 1))];

        var classes = ClassDraws.Compute(draws, flows.Labels, 2, answers);

        Assert.Equal(Math.Pow(0.025, 1.0 / 3), classes.Recall(0)!.Value.Low, 9);
        Assert.Equal(1, classes.Recall(0)!.Value.High);
        Assert.Equal(1 - Math.Sqrt(0.025), classes.Recall(1)!.Value.High, 9);
        Assert.Null(classes.Precision(1));
        Assert.InRange(classes.F1(1)!.Value.High, 0.9, 1);
    }

    /// <summary>Captures of very unequal size that are right or wrong as a whole, as real ones tend to be.</summary>
    [Fact]
    public void Interval_OfNewCaptures_CoversTheTruthAboutAsOftenAsItSays()
    {
        const int Trials = 200;
        var random = new Random(11);
        int[] sizes = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 20))];
        var covered = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            int[] captures = [.. sizes.SelectMany((size, capture) => Enumerable.Repeat(capture, size))];
            bool[] isRight = [.. sizes.Select(_ => random.NextDouble() < 0.7)];
            var flows = FlowSets.Sample([.. captures.Select(_ => 0)], 1, captures);
            var draws = CaptureDraws.Create(flows, trial, 400);
            covered += Interval.From(draws.Means(f => isRight[captures[f]] ? 1 : 0))!.Value.Contains(0.7) ? 1 : 0;
        }

        Assert.InRange((double)covered / Trials, 0.88, 1);
    }

    static void AssertEqual(SystemDraws fast, int draw, SystemAnswer[] drawn, FlowSample flows)
    {
        var matrix = new ConfusionMatrix(Classes);
        Array.ForEach(drawn, a => matrix.Add(flows.Labels[a.Flow], a.Class));
        double[] sorted = [.. drawn.Select(a => a.Ms).Order()];

        Assert.Equal(matrix.WeightedF1, fast.WeightedF1[draw], 9);
        Assert.Equal(matrix.MacroF1, fast.MacroF1[draw], 9);
        Assert.Equal(matrix.Accuracy, fast.Accuracy[draw], 9);
        Assert.Equal(sorted.Average(), fast.MeanMs[draw], 6);
        Assert.Equal((double)sorted.Count(ms => ms < 16) / sorted.Length, fast.Under16Ms[draw], 9);
        Assert.Equal(sorted[(int)Math.Ceiling(0.5 * sorted.Length) - 1], fast.MedianMs[draw]);
        Assert.Equal(sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1], fast.P90Ms[draw]);
        Assert.Equal(drawn.Average(a => a.Packets), fast.PacketsMean[draw], 9);
    }

    static IEnumerable<SystemAnswer> Drawn(CaptureDraws draws, int draw, SystemAnswer[] answers) =>
        answers.SelectMany(a => Enumerable.Repeat(a, draws.Weights(draw)[draws.Group(a.Flow)]));

    static int Sum(ReadOnlySpan<byte> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        return sum;
    }

    static FlowSample Flows(Random random, int captures)
    {
        int[] capture = [.. Enumerable.Range(0, captures).SelectMany(c => Enumerable.Repeat(c, random.Next(1, 9)))];
        return FlowSets.Sample([.. capture.Select(c => (c + random.Next(2)) % Classes)], Classes, capture);
    }
}
