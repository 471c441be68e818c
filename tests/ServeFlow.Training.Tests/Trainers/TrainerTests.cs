using ServeFlow.Models;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>What every trainer promises.</summary>
public sealed class TrainerTests
{
    static readonly TrainerOptions Options = new() { Seed = 7, Threads = 2, Rounds = 8 };

    public static TheoryData<string> Names => ["dt", "rf", "et", "lgbm"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_SeparableFlows_NamesMostOfThemRight(string name)
    {
        var model = Train(name, SyntheticFlows.Part(600, depth: 3), Options with { Rounds = 30 });
        var asked = SyntheticFlows.Part(300, depth: 3, seed: 2);
        Assert.InRange(Accuracy(model, asked, _ => true), 0.85, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_SameSeed_GivesTheSameText(string name)
    {
        var part = SyntheticFlows.Part(300, depth: 2);
        Assert.Equal(Train(name, part, Options).ModelText, Train(name, part, Options).ModelText);
    }

    [Theory]
    [InlineData("dt")]
    [InlineData("rf")]
    [InlineData("et")]
    public void Train_OwnTreesWithMoreThreads_GivesTheSameText(string name)
    {
        var part = SyntheticFlows.Part(300, depth: 2);
        Assert.Equal(Train(name, part, Options with { Threads = 1 }).ModelText,
            Train(name, part, Options with { Threads = 4 }).ModelText);
    }

    [Theory]
    [InlineData("rf")]
    [InlineData("et")]
    [InlineData("lgbm")]
    public void Train_AnotherSeed_GivesAnotherModel(string name)
    {
        var part = SyntheticFlows.Part(300, depth: 2);
        var models = new[] { 1, 2 }.Select(seed => LightGbmText.Write(
            LightGbmText.Read(Train(name, part, Options with { Seed = seed }).ModelText, name)));
        Assert.Equal(2, models.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_AnyPart_NamesColumnsAsTheSchemaDoes(string name)
    {
        var part = SyntheticFlows.Part(200, depth: 2);
        var forest = LightGbmText.Read(Train(name, part, Options).ModelText, name);
        Assert.NotEmpty(forest.UsedColumns);
        Assert.All(forest.ColumnNames, column => Assert.True(part.Schema.TryFindColumn(column, part.Depth, out _)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_AnyPart_LightGbmPredictsWhatWeDo(string name)
    {
        var part = SyntheticFlows.Part(300, depth: 2);
        var text = Train(name, part, Options).ModelText;
        var forest = LightGbmText.Read(text, name);
        int[] columns = [.. forest.ColumnNames.Select(column => Find(part, column))];
        var rows = new float[part.Flows.Count * columns.Length];
        var order = columns.Order().ToArray();
        Assert.Equal(order, columns);
        for (var r = 0; r < part.Flows.Count; r++)
        {
            new PartRows(part, columns).Read(r, rows.AsSpan(r * columns.Length, columns.Length));
        }

        ReferenceAgainstLightGbmTests.AssertSame(forest, text, rows, columns.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_FlowsThatNothingTellsApart_GivesTheShares(string name)
    {
        var part = SyntheticFlows.Part(300, depth: 1, alike: true, rareEvery: 4);
        var forest = LightGbmText.Read(Train(name, part, Options).ModelText, name);
        var scorer = new ReferenceScorer(forest, [0]);
        var probabilities = new float[3];
        scorer.Score([], 1, probabilities);
        Assert.Equal([0.75f, 0, 0.25f], probabilities);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_TooFewFlowsToSplit_StillGivesProbabilities(string name)
    {
        var part = SyntheticFlows.Part(3, depth: 1);
        var forest = LightGbmText.Read(Train(name, part, Options).ModelText, name);
        var scorer = new ReferenceScorer(forest, [.. forest.ColumnNames.Select(column => Find(part, column))]);
        var probabilities = new float[3];
        scorer.Score(new float[scorer.Columns.Length], 1, probabilities);
        Assert.Equal(1, probabilities.Sum(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_ClassWithoutFlows_IsNeverPredicted(string name)
    {
        var part = SyntheticFlows.Part(200, depth: 2, rareEvery: 2);
        var model = Train(name, part, Options with { BalanceClasses = true });
        Assert.Equal(3, LightGbmText.Read(model.ModelText, name).Classes);
        Assert.InRange(Accuracy(model, part, _ => true), 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_NoFlows_IsRefused(string name) =>
        Assert.Throws<InputException>(() => Train(name, SyntheticFlows.Part(0, depth: 1), Options));

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_ClassesThatOnlyTheirBytesTellApart_LearnsFromAggregates(string name)
    {
        var part = VolumeFlows.Part(300, depth: 40, seed: 1);
        var forest = LightGbmText.Read(Train(name, part, Options with { Rounds = 20 }).ModelText, name);
        Assert.InRange(Accuracy(Train(name, part, Options with { Rounds = 20 }),
            VolumeFlows.Part(200, depth: 40, seed: 2), _ => true), 0.7, 1);
        Assert.Contains("p40_agg_bytes_forward", forest.ColumnNames);
        Assert.All(forest.ColumnNames, column => Assert.True(
            column.StartsWith("p40_agg_") || int.Parse(column[1..column.IndexOf('_')]) <= 32));
    }

    [Fact]
    public void Train_EmptyValidation_TrainsWithoutOne()
    {
        var part = SyntheticFlows.Part(100, depth: 1);
        var model = new LgbmTrainer().Train(part, part with { Flows = part.Flows.Subset([]) }, Options, null,
            TestContext.Current.CancellationToken);
        Assert.Equal(Options.Rounds, model.Rounds);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_Cancelled_Throws(string name) =>
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer(name).Train(SyntheticFlows.Part(100, depth: 1), null,
            Options, null, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("rf")]
    [InlineData("et")]
    [InlineData("lgbm")]
    public void Train_RoundsWithoutValidation_AreExact(string name)
    {
        var model = Train(name, SyntheticFlows.Part(200, depth: 1), Options with { Rounds = 5 });
        Assert.Equal(5, model.Rounds);
        Assert.Equal(5, LightGbmText.Read(model.ModelText, name).Iterations);
    }

    [Fact]
    public void Train_LgbmWithValidation_StopsWhereTheLossIsLeast()
    {
        var model = new LgbmTrainer()
            .Train(SyntheticFlows.Part(300, depth: 1), SyntheticFlows.Part(150, depth: 1, seed: 9),
            Options with { Rounds = 150 }, null, TestContext.Current.CancellationToken);
        Assert.InRange(model.Rounds, 1, 149);
        var forest = LightGbmText.Read(model.ModelText, "lgbm");
        Assert.Equal(model.TextRounds, forest.Iterations);
        Assert.True(model.TextRounds >= model.Rounds);
        Assert.Equal(model.Rounds, forest.Truncate(model.Rounds).Iterations);
    }

    [Theory]
    [InlineData("dt")]
    [InlineData("lgbm")]
    public void Train_BalancedClasses_FindsMoreOfTheRareOne(string name)
    {
        var part = SyntheticFlows.Part(600, depth: 1, rareEvery: 30);
        var asked = SyntheticFlows.Part(600, depth: 1, seed: 5, rareEvery: 3);
        var plain = Accuracy(Train(name, part, Options), asked, label => label == 2);
        var balanced = Accuracy(Train(name, part, Options with { BalanceClasses = true }), asked, label => label == 2);
        Assert.InRange(balanced, plain, 1);
        Assert.InRange(balanced, 0.5, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Train_Progress_RisesToOne(string name)
    {
        var seen = new Reports();
        Trainer(name).Train(SyntheticFlows.Part(200, depth: 1), null, Options with { Threads = 1 }, seen,
            TestContext.Current.CancellationToken);
        Assert.Equal(seen.Shares.Order(), seen.Shares);
        Assert.Equal(1, seen.Shares[^1]);
    }

    static TrainedModel Train(string name, TrainingPart part, TrainerOptions options) =>
        Trainer(name).Train(part, null, options, null, TestContext.Current.CancellationToken);

    static ITrainer Trainer(string name) =>
        new ITrainer[] { new DtTrainer(), new RfTrainer(), new EtTrainer(), new LgbmTrainer() }
            .Single(trainer => trainer.Name == name);

    static int Find(TrainingPart part, string column)
    {
        Assert.True(part.Schema.TryFindColumn(column, part.Depth, out var place));
        return place;
    }

    static double Accuracy(TrainedModel model, TrainingPart asked, Func<int, bool> counted)
    {
        var forest = LightGbmText.Read(model.ModelText, "model");
        var scorer = new ReferenceScorer(forest, [.. forest.ColumnNames.Select(column => Find(asked, column))]);
        var rows = new PartRows(asked, scorer.Columns.ToArray());
        var (row, probabilities) = (new float[rows.Columns], new float[3]);
        var labels = asked.Flows.Labels;
        var flows = Enumerable.Range(0, labels.Length).Where(flow => counted(labels[flow])).ToArray();
        return flows.Count(flow =>
        {
            rows.Read(flow, row);
            scorer.Score(row, 1, probabilities);
            return Array.IndexOf(probabilities, probabilities.Max()) == labels[flow];
        }) / (double)flows.Length;
    }

    sealed class Reports : IProgress<TrainingProgress>
    {
        public List<double> Shares { get; } = [];

        public void Report(TrainingProgress value) => Shares.Add(value.Done);
    }
}
