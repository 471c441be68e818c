using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class NearDuplicatesTests
{
    [Fact]
    public void Count_SameVisibleBits_MaskedOnesDoNotMatter()
    {
        byte[] ttls = [64, 65, 66, 64, 65, 70];
        var data = FlowSets.Create(i => ttls[i], (0, 0), (0, 1), (0, 1), (1, 0), (1, 0), (1, 1));
        var report = NearDuplicates.Count(FlowSample.From(data, [0, 1, 2]), FlowSample.From(data, [3, 4, 5]), 1);

        Assert.Equal(2, report.Flows);
        Assert.Equal(3, report.TotalFlows);
        Assert.Equal(1, report.Contradicting);
        Assert.Equal([("class00", 2)], report.Classes);
        Assert.Equal("2 of 3 held-back flows (66.7 %) look like a training flow in their first packet, "
            + "1 of them under another label (class00 2)", report.ToString());
    }

    [Fact]
    public void DuplicateLabels_TrainingFlowsOfSeveralLabelsLookAlike_TheFirstCounts()
    {
        var data = FlowSets.Create(_ => 64, (0, 0), (0, 1), (1, 1));
        var rest = FlowSample.From(data, [2]);

        Assert.Equal([0], NearDuplicates.DuplicateLabels(FlowSample.From(data, [0, 1]), rest, 1));
        Assert.Equal([1], NearDuplicates.DuplicateLabels(FlowSample.From(data, [1, 0]), rest, 1));
    }

    [Fact]
    public void Count_NoNearDuplicates_None()
    {
        var data = FlowSets.Create((0, 0), (1, 1));

        Assert.Equal(0, NearDuplicates.Count(FlowSample.From(data, [0]), FlowSample.From(data, [1]), 1).Flows);
    }
}
