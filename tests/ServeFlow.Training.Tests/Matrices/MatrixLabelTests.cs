using ServeFlow.Features;
using ServeFlow.Features.Matrices;
using ServeFlow.Training.Matrices;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Matrices;

/// <summary>A labelled matrix reports the same about its labels as training does.</summary>
public sealed class MatrixLabelTests : IDisposable
{
    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_RowsThatContradict_AreCountedAsInTraining()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53), (1, 1, 2000, 2, 53));
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,\n"
            + "a.pcap,10.0.0.1,2000,10.0.0.2,53,udp,dns,\n"
            + "a.pcap,10.0.0.1,2000,10.0.0.2,53,udp,web,");
        var cancel = TestContext.Current.CancellationToken;
        var matrix = FlowMatrix.Open(new()
        {
            Path = folder.Path,
            Labels = folder.Labels,
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            Packets = 1,
        }, cancel: cancel);

        var summary = matrix.Write(new DiscardedRows(), cancel: cancel);

        Assert.Equal((1, 1), (summary.Rows, built.Report.Conflicts));
        Assert.Contains("1 flows with contradicting labels, left out", summary.LabelNotes);
        Assert.Contains("\n  1 flows with contradicting labels, left out", built.Report.ToString());
    }

    /// <summary>A matrix that nobody keeps.</summary>
    sealed class DiscardedRows : IMatrixWriter
    {
        public void Write(in MatrixRow flow, ReadOnlySpan<float> values)
        {
        }

        public void Complete()
        {
        }

        public void Dispose()
        {
        }
    }
}
