using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class HoldOutSplitTests
{
    /// <summary>So large a share would hold the only capture of class 1 back.</summary>
    [Fact]
    public void SplitFlows_ClassOfOneCapture_IsTrainedOn()
    {
        var flows = FlowSample.All(FlowSets.Create((0, 0), (1, 0), (2, 0), (3, 0), (4, 1), (4, 1)));
        Assert.Contains(1, Split.Create(flows, 0.6, SplitKind.Capture, 1).HeldOut.Labels);

        var (train, held) = HoldOutSplit.SplitFlows(flows, 0.6, SplitKind.Capture, 1);

        Assert.Equal(2, train.Labels.Count(label => label == 1));
        Assert.NotEmpty(held);
        Assert.Equal(flows.Count, train.Count + held.Count);
    }
}
