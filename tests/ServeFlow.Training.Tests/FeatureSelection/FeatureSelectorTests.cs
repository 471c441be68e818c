using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.FeatureSelection;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.FeatureSelection;

/// <summary>Groups of columns are taken where other captures show that they are worth it, and only there.</summary>
public sealed class FeatureSelectorTests
{
    static readonly TrainerOptions Options = new() { Seed = 3, Threads = 2 };

    [Fact]
    public void Choose_ClassesThatHeadersTell_TakesHeadersAlone()
    {
        var (schema, choice) = Choose(Flows(12, (label, _, record) =>
        {
            record.Bits[HeaderRecord.UdpOffset + 5] = (byte)(label * 3);
            return record;
        }));

        Assert.Equal("nprint:ip4,ip6,tcp,udp,icmp", schema.Set);
        Assert.Equal(6, choice.Trials.Count);
        Assert.Single(choice.Trials, trial => trial.Taken);
        Assert.All(choice.Trials, trial => Assert.Equal(1, trial.WeightedF1, 6));
    }

    [Fact]
    public void Choose_ClassesThatSizesTell_TakesSizesAndNothingBesides()
    {
        var (schema, choice) = Choose(Flows(12, (label, random, record) =>
        {
            record.Size = (ushort)((label * 400) + random.Next(390));
            return record;
        }));

        Assert.Equal("nprint:ip4,ip6,tcp,udp,icmp+size", schema.Set);
        var taken = choice.Trials.Single(trial => trial.Taken && trial.Against.Length > 0);
        Assert.InRange(taken.GainLow, 0.1, taken.Gain);
        Assert.InRange(taken.GainHigh, taken.Gain, 1);
        Assert.Equal(12, choice.Captures);
    }

    [Fact]
    public void Choose_AnyFlows_TriesAllColumnsTogetherAtLast()
    {
        var (_, choice) = Choose(Flows(10, (_, random, record) =>
        {
            record.Size = (ushort)random.Next(1500);
            return record;
        }));

        Assert.Equal("nprint:ip4,ip6,tcp,udp,icmp+dir+size+iat+agg", choice.Trials[^1].Set);
        Assert.Equal(choice.Trials.Last(trial => trial.Taken && trial.Set != choice.Trials[^1].Set).Set,
            choice.Trials[^1].Against);
    }

    [Fact]
    public void Choose_SameSeed_ChoosesTheSameForTheSameReasons()
    {
        var flows = Flows(12, (label, random, record) =>
        {
            record.InterArrivalMicroseconds = (uint)(random.Next(1000) + (label * 200));
            return record;
        });

        Assert.Equal(Choose(flows).Choice.Trials,
            new FeatureSelector(flows, 3, 3, Options with { Threads = 1 }, SplitKind.Capture)
                .Choose(null, TestContext.Current.CancellationToken).Choice.Trials);
    }

    /// <summary>What a window sums up to is drowned by the bits of its packets where these say nothing.</summary>
    [Fact]
    public void Choose_Windows_TriesWhatTheySumUpToAlone()
    {
        var flows = Flows(12, (_, random, record) =>
        {
            record.Size = (ushort)random.Next(1500);
            return record;
        }, new(TimeSpan.FromSeconds(1)));

        var (_, choice) = Choose(flows);

        Assert.Equal(["nprint:none+agg", "nprint:none+agg+burst"], choice.Trials.TakeLast(2).Select(t => t.Set));
    }

    /// <summary>Header bits of ten thousand packets would be ten million columns.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(10_000, true)]
    public void Choose_DeepModels_ComparesSetsWithoutAggregatesAtFewerPackets(int depth, bool isSaid)
    {
        var (_, choice) = new FeatureSelector(Flows(12, (_, _, record) => record, new(TimeSpan.FromSeconds(1))), depth,
            depth, Options, SplitKind.Capture).Choose(null, TestContext.Current.CancellationToken);

        Assert.Equal($"et@{depth}", choice.Model);
        Assert.Equal(8, choice.Trials.Count);
        Assert.Equal(isSaid, choice.Why.EndsWith("; sets without aggregates were compared at 100 packets",
            StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_FewCaptures_TakesTheDefaultAndSaysWhy()
    {
        var (schema, choice) = Choose(Flows(FeatureSelector.MinCaptures - 1, (_, _, record) => record));

        Assert.Equal(FeatureSchema.DefaultSet, schema.Set);
        Assert.Equal("ports", schema.Mask);
        Assert.Empty(choice.Trials);
        Assert.Contains("9 captures tell no gain from chance", choice.Why);
    }

    /// <summary>Twelve captures of four hosts are four observations; one capture of twelve hosts is twelve.</summary>
    [Theory]
    [InlineData(12, 4, 0)]
    [InlineData(1, 12, 6)]
    public void Choose_Groups_CountInsteadOfCaptures(int captures, int groups, int trials)
    {
        var (_, choice) = Choose(Grouped(Flows(12, (_, _, record) => record).Data, captures, groups));

        Assert.Equal((groups, trials), (choice.Captures, choice.Trials.Count));
        Assert.Equal(trials == 0, choice.Why.Contains("4 groups tell no gain from chance, it takes 10"));
    }

    /// <summary>The same flows, twelve to a capture or all in one, with a group for each.</summary>
    static FlowSample Grouped(DataSet data, int captures, int groups) => FlowSample.All(new()
    {
        Schema = data.Schema,
        Depth = data.Depth,
        Labels = data.Labels,
        Captures = data.Captures,
        Groups = [.. Enumerable.Range(0, groups).Select(group => $"host {group}")],
        GroupColumn = "host",
        Flows = [.. data.Flows.Select(flow => flow with
        {
            Capture = flow.Capture % captures,
            Group = flow.Capture % groups,
        })],
        Headers = data.Headers,
    });

    static (FeatureSchema Schema, Cascade.Bundles.BundleFeatureChoice Choice) Choose(FlowSample flows) =>
        new FeatureSelector(flows, 3, 3, Options, SplitKind.Capture)
            .Choose(null, TestContext.Current.CancellationToken);

    static FlowSample Flows(int captures, Func<int, Random, HeaderRecord, HeaderRecord> write,
        FlowWindows unit = default)
    {
        var (random, store, flows) = (new Random(5), new HeaderStore(), new List<LabelledFlow>());
        for (var i = 0; i < captures * 12; i++)
        {
            var label = i % 3;
            var packets = new HeaderRecord[3];
            foreach (ref var packet in packets.AsSpan())
            {
                packet = write(label, random, new() { UdpLength = 8 });
            }

            flows.Add(new(label, i / 12, i, i + 1, store.Add(packets), packets.Length));
        }

        return FlowSample.All(new()
        {
            Schema = FeatureSchema.Parse("nprint:udp", "ports"),
            Depth = 3,
            Labels = ["a", "b", "c"],
            Captures = [.. Enumerable.Range(0, captures).Select(c => new Capture($"{c}.pcap", $"{c:x64}"))],
            Flows = flows,
            Headers = store,
            Unit = unit,
        });
    }
}
