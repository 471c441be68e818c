using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using ServeFlow.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>A search reads what it can, counts all else with a reason, and never ends over one file.</summary>
public sealed partial class SkippedFilesTests : IDisposable
{
    const int Nobody = 65534;
    static readonly byte[] Capture = new CaptureBuilder().Add(1_700_000_000_000_000_000, Frame.Simple()).ToArray();
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-skipped-").FullName;

    public SkippedFilesTests() => Write("good.pcap", Capture);

    /// <summary>Names that are not UTF-8 are beyond what .NET deletes.</summary>
    public void Dispose() => Run("rm", "-r", folder);

    [Theory]
    [InlineData("labels.csv", "pcap,label\n", SkipReason.OtherFile)]
    [InlineData("README", "what these captures are", SkipReason.OtherFile)]
    [InlineData("text.pcap", "what these captures are", SkipReason.NotACapture)]
    [InlineData("text.PCAPNG.part", "no capture", SkipReason.NotACapture)]
    [InlineData("ring.pcap3", "no capture", SkipReason.NotACapture)]
    [InlineData("empty.pcap", "", SkipReason.Empty)]
    [InlineData("empty", "", SkipReason.Empty)]
    public void Find_FileOfText_IsCountedUnderItsReason(string name, string text, SkipReason reason)
    {
        Write(name, Encoding.UTF8.GetBytes(text));

        AssertSkipped(reason, name);
    }

    [Fact]
    public void Find_CutInTheFileHeader_IsCounted()
    {
        Write("cut.pcap", Capture[..20]);

        AssertSkipped(SkipReason.CutHeader, "cut.pcap");
    }

    [Fact]
    public void Find_BrokenCompression_IsCounted()
    {
        Write("broken.pcap.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff]);

        AssertSkipped(SkipReason.CorruptCompression, "broken.pcap.gz");
    }

    [Theory]
    [InlineData("caf\\351.pcap", "caf\\xe9.pcap")]
    [InlineData("\\202\\240\\202\\242.pcap", "\\x82\\xa0\\x82\\xa2.pcap")]
    [InlineData("cut\\303", "cut\\xc3")]
    [InlineData("\\377", "\\xff")]
    public void Find_NameThatIsNotUtf8_IsReadAndShownAsNumbers(string made, string shown)
    {
        Run("sh", "-c", $"mv '{folder}/good.pcap' \"$(printf '{folder}/{made}')\"");

        var set = Find(folder);

        Assert.Equal(shown, set.Captures.Single().Name);
        Assert.Equal(0, set.Skipped.Counts.Total);
        Assert.Equal(1, Count(set));
    }

    [Fact]
    public void Find_FolderAndPathThatAreNotUtf8_AreSearched()
    {
        Run("sh", "-c", $"d=\"$(printf '{folder}/caf\\351/\\374ber')\"; mkdir -p \"$d\"; "
            + $"mv '{folder}/good.pcap' \"$d\"");

        var set = Find(folder);
        var below = Find(Path.Combine(folder, PathBytes.Decode([(byte)'c', (byte)'a', (byte)'f', 0xe9])));

        Assert.Equal("caf\\xe9/\\xfcber/good.pcap", set.Captures.Single().Name);
        Assert.Equal("\\xfcber/good.pcap", below.Captures.Single().Name);
        Assert.Equal((1, 1), (Count(set), Count(below)));
    }

    [Theory]
    [InlineData("printf x > \"$name\"", SkipReason.OtherFile)]
    [InlineData("printf '' > \"$name\"", SkipReason.Empty)]
    [InlineData("mkfifo \"$name\"", SkipReason.NotAFile)]
    [InlineData("ln -s nowhere \"$name\"", SkipReason.BrokenLink)]
    [InlineData("ln -s / \"$name\"", SkipReason.LinkedDirectory)]
    public void Find_NoCaptureOfSuchAName_IsCountedUnderItsReason(string make, SkipReason reason)
    {
        Run("sh", "-c", $"name=\"$(printf '{folder}/caf\\351')\"; {make}");

        AssertSkipped(reason, "caf\\xe9");
    }

    [Fact]
    public void Find_NamedPipe_IsNotOpened()
    {
        Run("mkfifo", Path.Combine(folder, "pipe.pcap"));

        AssertSkipped(SkipReason.NotAFile, "pipe.pcap");
    }

    [Fact]
    public void Find_Socket_IsNotOpened()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "s.pcap")));

        AssertSkipped(SkipReason.NotAFile, "s.pcap");
    }

    [Theory]
    [InlineData("/dev/zero", SkipReason.NotAFile)]
    [InlineData("nowhere.pcap", SkipReason.BrokenLink)]
    [InlineData("link.pcap", SkipReason.BrokenLink)]
    [InlineData("/", SkipReason.LinkedDirectory)]
    public void Find_Link_IsCountedByWhatItLeadsTo(string target, SkipReason reason)
    {
        File.CreateSymbolicLink(Path.Combine(folder, "link.pcap"), target);

        AssertSkipped(reason, "link.pcap");
    }

    [Fact]
    public void Find_NoPermission_IsCountedForFilesAndFolders()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root, to become another user for the search");
        Run("chmod", "755", folder);
        Write("secret.pcap", Capture);
        Write("closed/x.pcap", Capture);
        Run("chmod", "700", Path.Combine(folder, "secret.pcap"), Path.Combine(folder, "closed"));

        // The file system's user is one of each thread: only this one searches as somebody else.
        _ = SetFileSystemUser(Nobody);
        try
        {
            var set = Find(folder);

            Assert.Equal("good.pcap", set.Captures.Single().Name);
            Assert.Equal([(SkipReason.NoPermission, 2)], set.Skipped.Counts.NonZero());
        }
        finally
        {
            _ = SetFileSystemUser(0);
        }
    }

    [Fact]
    public void Find_FileThatCannotBeReadOn_IsCounted()
    {
        // A process's memory has nothing at address 0.
        File.CreateSymbolicLink(Path.Combine(folder, "memory.pcap"), "/proc/self/mem");

        var set = Find(folder);

        Assert.Equal("good.pcap", set.Captures.Single().Name);
        Assert.Equal(1, set.Skipped.Counts.Total);
    }

    [Fact]
    public void Poll_FileVanishedSinceTheSearch_IsPassedOverAndCounted()
    {
        Write("next.pcap", Capture);
        var set = Find(folder);
        File.Delete(Path.Combine(folder, "good.pcap"));
        using var sequence = new CaptureSequence(set.Captures);
        var burst = new ServeFlow.Packets.PacketBurst();
        var packets = 0;
        while (sequence.Poll(burst))
        {
            packets += burst.Count;
        }

        var account = new CaptureAccount(set.Skipped);
        sequence.Outcomes.ToList().ForEach(account.Add);

        Assert.Equal((1, 1, 0), (packets, account.Captures, account.Unreadable));
        Assert.Equal([(SkipReason.Vanished, 1)], account.Skipped.Counts.NonZero());
    }

    [Fact]
    public void Find_NameWithABackslash_KeepsIt()
    {
        Write("a\\b.pcap", Capture);

        Assert.Equal(["a\\b.pcap", "good.pcap"], Find(folder).Captures.Select(capture => capture.Name));
    }

    [Fact]
    public void Describe_ManyFiles_ShowsTheFirstAndCountsTheRest()
    {
        for (var i = 0; i < 8; i++)
        {
            Write($"empty{i}.pcap", []);
        }

        Write("labels.csv", "pcap"u8.ToArray());

        string[] lines = [.. Find(folder).Skipped.Describe()];

        Assert.Equal("9 files left out: 1 other file, 8 empty", lines[0]);
        Assert.Equal($"  {folder}/empty0.pcap: empty, no capture in it", lines[1]);
        Assert.Equal((7, "  and 3 more"), (lines.Length, lines[^1]));
    }

    void AssertSkipped(SkipReason reason, string name)
    {
        var set = Find(folder);

        Assert.Equal("good.pcap", set.Captures.Single().Name);
        Assert.Equal([(reason, 1)], set.Skipped.Counts.NonZero());
        Assert.StartsWith($"{folder}/{name}: ", set.Skipped.Reasons.Single(), StringComparison.Ordinal);
    }

    static CaptureSet Find(string path) => CaptureSet.Find(path, stop: TestContext.Current.CancellationToken);

    void Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    static int Count(CaptureSet set)
    {
        using var sequence = new CaptureSequence(set.Captures);
        var burst = new ServeFlow.Packets.PacketBurst();
        var packets = 0;
        while (sequence.Poll(burst))
        {
            packets += burst.Count;
        }

        return packets;
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(int user);
}
