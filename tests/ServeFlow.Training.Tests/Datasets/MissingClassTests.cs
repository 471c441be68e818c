using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

/// <summary>Classes that somebody asked for, and that no flow has in the end, are named.</summary>
public sealed class MissingClassTests : IDisposable
{
    readonly CaptureFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Build_ClassDirectoriesWithoutFlow_AreNamed()
    {
        folder.Capture("dns/a.pcap", (0, 1, 1000, 2, 53));
        folder.Capture("web/a.pcap", (0, 1, 1001, 2, 443));
        folder.Capture("silent/a.pcap");
        Directory.CreateDirectory(Path.Combine(folder.Path, "bare"));
        File.WriteAllText(Path.Combine(folder.Path, "bare/empty.pcap"), "");
        var built = folder.BuildFrom(labels: null);

        Assert.Equal(["dns", "web"], built.Data.Labels);
        Assert.Equal(["bare", "silent"], built.Report.ClassesWithoutFlow);
        Assert.Contains("\n  2 classes without a flow, left out: bare, silent\n", built.Report.ToString());
    }

    [Fact]
    public void Build_ClassesOfRowsWithoutFlow_AreNamed()
    {
        folder.Capture("a.pcap", (0, 1, 1000, 2, 53));
        var built = folder.Build("a.pcap,10.0.0.1,1000,10.0.0.2,53,udp,dns,\n"
            + "a.pcap,10.0.0.1,1000,10.0.0.3,53,udp,ghost,\nelsewhere.pcap,10.0.0.1,1000,10.0.0.2,53,udp,gone,");

        Assert.Equal(["ghost", "gone"], built.Report.ClassesWithoutFlow);
        Assert.Contains("\n  2 classes without a flow, left out: ghost, gone\n", built.Report.ToString());
    }

    [Fact]
    public void Build_OneClassWithFlows_NamesTheOthers()
    {
        folder.Capture("dns/a.pcap", (0, 1, 1000, 2, 53));
        folder.Capture("silent/a.pcap");

        var message = Assert.Throws<InputException>(() => folder.BuildFrom(labels: null, minClasses: 2)).Message;
        Assert.EndsWith("only one class, 'dns', among 1 labelled flows, and no flow of silent; give flows of at least "
            + "2 classes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EachClassHasFlows_SaysNothing()
    {
        folder.Capture("dns/below/a.pcap", (0, 1, 1000, 2, 53));

        Assert.Empty(folder.BuildFrom(labels: null).Report.ClassesWithoutFlow);
    }

    /// <summary>The same capture in the directories of two classes: its flows cannot be of both.</summary>
    [Fact]
    public void Build_CopyInAnotherClass_CountsItsFlows()
    {
        foreach (var name in new[] { "dns/a.pcap", "web/copy.pcap", "dns/copy.pcap" })
        {
            folder.Capture(name, (0, 1, 1000, 2, 53), (1, 1, 1001, 2, 53));
        }

        Assert.Contains("\n  2 flows of these have another label than in the copy: one of the two is wrong, keep the "
            + "right one\n", folder.BuildFrom(labels: null).Report.ToString());
    }
}
