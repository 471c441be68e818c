using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Training.Tests.Synthesis;

public sealed class SyntheticSetTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static SynthesisResult Write(SynthesisOptions options) =>
        SyntheticSet.Write(options, null, TestContext.Current.CancellationToken);

    SynthesisOptions Options(string name, int flows = 400, int seed = 1) => new()
    {
        Directory = Path.Combine(folder, name),
        Flows = flows,
        Captures = 4,
        Seed = seed,
    };

    [Fact]
    public void Write_SameSeed_SameBytes()
    {
        Write(Options("a"));
        Write(Options("b"));
        Write(Options("c", seed: 2));

        foreach (var file in Files("a"))
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a", file)),
                File.ReadAllBytes(Path.Combine(folder, "b", file)));
        }

        Assert.Equal(Files("a"), Files("b"));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(folder, "a", "captures/site-001.pcap")),
            File.ReadAllBytes(Path.Combine(folder, "c", "captures/site-001.pcap")));
    }

    [Fact]
    public void Write_PacketsPerFlow_EveryFlowHasThatMany()
    {
        var result = Write(Options("a") with { PacketsPerFlow = 7 });

        Assert.Equal(result.Flows * 7, result.Packets);
        Assert.All(File.ReadLines(result.Labels).Skip(1), row => Assert.EndsWith(",7", row));
    }

    [Fact]
    public void Write_WholeFrames_NoPacketIsCut()
    {
        var result = Write(Options("a") with { WholeFrames = true });
        var (burst, longest) = (new PacketBurst(), 0);
        foreach (var capture in CaptureSet.Find(result.Directory,
            stop: TestContext.Current.CancellationToken).Captures)
        {
            using var file = CaptureFile.Open(capture.Path);
            while (file.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    Assert.Equal(packet.OriginalLength, packet.CapturedLength);
                    longest = Math.Max(longest, packet.CapturedLength);
                }
            }
        }

        Assert.InRange(longest, 1000, 1600);
    }

    [Fact]
    public void Write_AllServices_EveryRowIsExactlyOneFlowWithAllItsPackets()
    {
        var options = Options("a", flows: 1500) with { Classes = SynthesisOptions.Services.Count };
        var result = Write(options);
        var built = DataSetBuilder.Build(new()
        {
            Path = options.Directory,
            Labels = result.Labels,
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
        }, null, TestContext.Current.CancellationToken);

        Assert.Equal(1500, built.Report.MatchedRows);
        Assert.Equal(1500, built.Report.Flows);
        Assert.Equal(result.Packets, built.Report.Packets);
        Assert.Equal(SynthesisOptions.Services.Count, built.Report.Classes.Count);
        Assert.Empty(built.Report.Damaged);
        var packets = File.ReadLines(result.Labels).Skip(1).Sum(row => Math.Min(10, int.Parse(row.Split(',')[8])));

        // Nothing is kept behind a connection's close: of few flows that is the last ACK.
        Assert.InRange(built.Data.Flows.Sum(flow => flow.KeptPackets), packets - (packets / 1000), packets);
    }

    [Fact]
    public void Write_Always_SaysThatItIsSynthetic()
    {
        var result = Write(Options("a"));

        Assert.StartsWith("These captures are SYNTHETIC.",
            File.ReadAllText(Path.Combine(result.Directory, "README.txt")), StringComparison.Ordinal);
        Assert.Equal(400, result.FlowsPerClass.Values.Sum());
    }

    [Fact]
    public void Write_DirectoryInUse_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(Path.Combine(folder, "a"));
        File.WriteAllText(Path.Combine(folder, "a", "mine.txt"), "mine");

        var error = Assert.Throws<InputException>(() => Write(Options("a")));

        Assert.Equal($"{folder}/a: exists and is not empty; name a new directory", error.Message);
        Assert.Equal(["mine.txt"], Files("a"));
    }

    [Fact]
    public void Write_BadOptions_AreAllNamed() =>
        Assert.Equal("1 classes: use 2 to 14; 0 captures: use 1 to 250; 0 flows: use 1 or more; "
            + "0 flows a second: use more than 0, at most 1000000",
            Assert.Throws<InputException>(() => Write(
                new() { Directory = "x", Classes = 1, Captures = 0, Flows = 0, Rate = 0 })).Message);

    [Fact]
    public void Write_Interrupted_LeavesNothingBehind()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();

        Assert.Throws<OperationCanceledException>(() => SyntheticSet.Write(Options("a"), null, cancel.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    IEnumerable<string> Files(string name) => Directory
        .EnumerateFiles(Path.Combine(folder, name), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Path.Combine(folder, name), file)).Order(StringComparer.Ordinal);
}
