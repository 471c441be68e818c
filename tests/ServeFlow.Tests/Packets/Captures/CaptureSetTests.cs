using ServeFlow.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class CaptureSetTests : IDisposable
{
    const long Second = 1_000_000_000;
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-captures-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static CaptureSet Find(string path) => CaptureSet.Find(path, stop: TestContext.Current.CancellationToken);

    void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    static byte[] Capture(long firstSecond) => new CaptureBuilder().Add(firstSecond * Second, Frame.Simple()).ToArray();

    [Fact]
    public void Find_ToStop_EndsTheSearch()
    {
        Write("z.pcap", Capture(100));

        Assert.Throws<OperationCanceledException>(() => CaptureSet.Find(folder, stop: new(canceled: true)));
    }

    [Fact]
    public void Find_Directory_GivesCapturesOfAnyNameInTimeOrder()
    {
        Write("z.pcap", Capture(100));
        Write("a/b/late", Capture(300));
        Write("a/early.bin", Capture(200));
        Write("notes.txt", "no capture"u8.ToArray());
        Write("empty.pcap", []);

        var set = Find(folder);

        Assert.Equal(["z.pcap", "a/early.bin", "a/b/late"], set.Captures.Select(c => c.Name));
        Assert.Equal([100 * Second, 200 * Second, 300 * Second], set.Captures.Select(c => c.FirstTimestampNs));
        Assert.Equal([(SkipReason.OtherFile, 1), (SkipReason.Empty, 1)], set.Skipped.Counts.NonZero());
        Assert.Equal(["2 files left out: 1 other file, 1 empty", $"  {folder}/empty.pcap: empty, no capture in it"],
            set.Skipped.Describe());
    }

    [Fact]
    public void Find_SameTime_IsOrderedByName()
    {
        Write("b.pcap", Capture(100));
        Write("a.pcap", Capture(100));

        Assert.Equal(["a.pcap", "b.pcap"], Find(folder).Captures.Select(c => c.Name));
    }

    [Fact]
    public void Find_Links_FollowsFilesAndNoDirectories()
    {
        Write("data/x.pcap", Capture(100));
        Directory.CreateSymbolicLink(Path.Combine(folder, "data/round"), folder);
        File.CreateSymbolicLink(Path.Combine(folder, "y.pcap"), Path.Combine(folder, "data/x.pcap"));

        Assert.Equal(["data/x.pcap", "y.pcap"], Find(folder).Captures.Select(c => c.Name));
    }

    [Fact]
    public void Find_File_IsTheOnlyCapture()
    {
        Write("x.pcap", Capture(1));

        var only = Find(Path.Combine(folder, "x.pcap")).Captures.Single();

        Assert.Equal("x.pcap", only.Name);
        using var file = CaptureFile.Open(only.Path);
        Assert.Single(ReadCapture.From(file).Packets);
    }

    [Fact]
    public void Find_Dash_IsStandardInput() => Assert.Equal("-", Find("-").Captures.Single().Path);

    [Fact]
    public void Find_DirectoryWithoutCaptures_SaysSo()
    {
        Write("notes.txt", "x"u8.ToArray());

        var error = Assert.Throws<InputException>(() => Find(folder));

        Assert.Equal($"{folder}: no capture in this directory (1 file left out: 1 other file): "
            + "give one that holds captures", error.Message);
    }

    [Fact]
    public void Find_Nothing_SaysSo()
    {
        var error = Assert.Throws<InputException>(() => Find(folder + "/none"));

        Assert.StartsWith($"{folder}/none: no such file or directory", error.Message);
    }
}
