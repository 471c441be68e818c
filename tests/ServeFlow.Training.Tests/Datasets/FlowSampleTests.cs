using CsCheck;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class FlowSampleTests
{
    static readonly Gen<(int Capture, int Label)[]> Flows = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3]).Array[1, 60];

    static readonly Gen<(DataSet Data, FlowSample Sample, int[] Indices)> Samples = Gen.Select(Flows, Gen.Int[0, 1000])
        .Select((flows, seed) =>
        {
            var data = FlowSets.Create(flows);
            var indices = Shuffled(flows.Length, seed);
            return (data, FlowSample.From(data, indices), indices);
        });

    [Fact]
    public void From_AnyOrder_RowsAreThoseOfTheDataSet() => Samples.Sample((data, sample, indices) =>
    {
        Assert.Equal(indices.Select(flow => data.Flows[flow]), sample);
        Assert.Equal(indices.Select(flow => data.Flows[flow].Label), sample.Labels);
        Assert.Equal(indices.Select(flow => data.Flows[flow].Capture), sample.Captures);
        Assert.Equal(indices, Enumerable.Range(0, sample.Count).Select(sample.FlowIndex));
        Assert.All(Enumerable.Range(0, sample.Count), position =>
            Assert.True(sample.Packets(position) == data.Packets(indices[position])));
    }, iter: 50);

    [Fact]
    public void Subset_OfASubset_StillNamesTheSameFlows() =>
        Gen.Select(Samples, Gen.Int[0, 1000]).Sample((made, seed) =>
    {
        var positions = Shuffled(made.Sample.Count, seed)[..((made.Sample.Count + 1) / 2)];
        var some = made.Sample.Subset(positions).Subset([0]);

        Assert.Equal([made.Indices[positions[0]]], [some.FlowIndex(0)]);
        Assert.Equal([positions[0]], made.Sample.PositionsOf(some));
    }, iter: 50);

    [Fact]
    public void Except_FlowsOfAWhere_AreAllOthersInOrder() => Samples.Sample((_, sample, _) =>
    {
        var even = sample.Where(flow => flow.Label % 2 == 0);

        Assert.Equal(sample.Where(flow => flow.Label % 2 == 1), sample.Except(even));
        Assert.Equal(sample.Positions(flow => flow.Label % 2 == 0), sample.PositionsOf(even));
        Assert.Equal(sample.Count, even.Concat(sample.Except(even)).Count);
    }, iter: 50);

    [Fact]
    public void WithLabels_OtherClasses_GoWithEverySubset()
    {
        var sample = FlowSample.All(FlowSets.Create((0, 0), (1, 1), (2, 0))).WithLabels(["no", "yes"], [1, 0, 1]);

        Assert.Equal([1, 1], sample.Where(flow => flow.Label == 1).Labels);
        Assert.Equal([0, 2], sample.Where(flow => flow.Label == 1).Captures);
        Assert.Equal("no", sample.Subset([1]).Classes[sample.Subset([1])[0].Label]);
        Assert.Throws<ArgumentException>(() => sample.WithLabels(["one"], [0, 0]));
    }

    [Fact]
    public void PositionsOf_FlowThatIsNotThere_Throws()
    {
        var all = FlowSample.All(FlowSets.Create((0, 0), (1, 1)));

        Assert.Throws<KeyNotFoundException>(() => all.Subset([0]).PositionsOf(all));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(5, 5)]
    [InlineData(4, 4)]
    [InlineData(1, 1)]
    public void EvenlySampled_AnyMaximum_IsKept(int max, int expected) => Assert.Equal(expected,
        FlowSample.All(FlowSets.Create([.. Enumerable.Repeat((0, 0), 10)])).EvenlySampled(max).Count);

    static int[] Shuffled(int count, int seed)
    {
        int[] indices = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(indices);
        return indices;
    }
}
