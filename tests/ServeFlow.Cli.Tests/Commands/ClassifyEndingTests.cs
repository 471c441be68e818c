using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>Ends of <c>classify</c> as a shell sees them, and what stays of one that was stopped or killed.</summary>
public sealed class ClassifyEndingTests : IDisposable
{
    const int Flows = 5000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-ending-").FullName;

    public ClassifyEndingTests()
    {
        SmallBundle.Write(At("bundle"));
        var capture = new CaptureBuilder();
        for (var i = 0; i < Flows; i++)
        {
            capture.Add(1_000_000_000_000 + (i * 1000), Frame.Ethernet(Frame.Ip4,
                Frame.Ipv4("10.0.0.1", "10.1.0.1", 17, Frame.Udp(1 + i, 53, []))));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("-r flows.pcap")]
    [InlineData("-r flows.pcap --workers 2")]
    [InlineData("-r captures --workers 2")]
    public void ReaderThatHasSeenEnough_EndsItQuietly(string arguments)
    {
        Directory.CreateDirectory(At("captures"));
        File.Copy(At("flows.pcap"), At("captures/1.pcap"));
        File.Copy(At("flows.pcap"), At("captures/2.pcap"));

        var (_, written, said) = ProgramProcess.Run(folder,
            $"{{ $serveflow classify bundle {arguments}; echo $? > code; }} | head -1");

        Assert.StartsWith("{\"timestamp\"", written, StringComparison.Ordinal);
        Assert.Equal("141\n", File.ReadAllText(At("code")));
        Assert.DoesNotContain("serveflow:", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipe_RecordsAreWrittenAsTheyCome()
    {
        using var pipe = OpenPipe();
        using var classify = ProgramProcess.Start(folder, "exec $serveflow classify bundle -r pipe --workers 2 > out");
        pipe.Write(File.ReadAllBytes(At("flows.pcap")));
        pipe.Flush();

        ProgramProcess.Until(() => File.Exists(At("out")) && File.ReadLines(At("out")).Count() == Flows);
    }

    [Theory]
    [InlineData("INT", CommandRunner.Interrupted, CommandRunner.Interrupted)]
    [InlineData("TERM", CommandRunner.Interrupted, 143)]
    [InlineData("HUP", CommandRunner.Interrupted, 143)]
    [InlineData("KILL", 137, 137)]
    public void Stopped_NeverTakesTheFinalName(string signal, int heeded, int ended)
    {
        using var pipe = OpenPipe();
        using var classify = ProgramProcess.Start(folder, "$serveflow classify bundle -r pipe -w out & job=$!; "
            + $"until [ -e signal ]; do sleep 0.05; done; kill -{signal} $job; wait $job");
        pipe.Write(File.ReadAllBytes(At("flows.pcap")));
        pipe.Flush();
        ProgramProcess.Until(() => Partials().Sum(path => new FileInfo(path).Length) > 0);

        File.WriteAllText(At("signal"), "");
        var code = classify.Wait().Code;
        Assert.True(code == heeded || code == ended);
        Assert.False(File.Exists(At("out")));
        Assert.True(heeded == ended || code == ended || Partials().Length == 0);

        Assert.Equal(0, ProgramProcess.Run(folder, "$serveflow classify bundle -r flows.pcap -w out").Code);
        Assert.Empty(Partials());
        Assert.Equal(2 * Flows, File.ReadLines(At("out")).Count());
    }

    [Fact]
    public void HangUp_OfARunThatShallNotHearIt_IsNotHeard()
    {
        var pipe = OpenPipe();
        using var classify = ProgramProcess.Start(folder,
            "trap '' HUP; exec $serveflow classify bundle -r pipe -w out");
        pipe.Write(File.ReadAllBytes(At("flows.pcap")));
        ProgramProcess.Until(() => Partials().Sum(path => new FileInfo(path).Length) > 0);

        classify.Signal("HUP");
        pipe.Dispose();

        Assert.Equal(CommandRunner.Succeeded, classify.Wait().Code);
        Assert.Equal(2 * Flows, File.ReadLines(At("out")).Count());
    }

    [Theory]
    [InlineData("eve")]
    [InlineData("csv")]
    [InlineData("zeek")]
    public void FullDisk_NothingStaysAndTheRemedyIsSaid(string format)
    {
        Directory.CreateDirectory(At("small"));
        using var disk = SmallDisk.Mount(At("small"), "64k");

        var (code, _, said) = ProgramProcess.Run(folder,
            $"$serveflow classify bundle -r flows.pcap -w small/out --format {format} -q");

        Assert.Equal(CommandRunner.Failed, code);
        var line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("serveflow: No space left on device", line, StringComparison.Ordinal);
        Assert.EndsWith("; make room there, or give another place", line, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(At("small")));
    }

    [Fact]
    public void PartialFileOfALivingRun_Stays()
    {
        var pipe = OpenPipe();
        using var classify = ProgramProcess.Start(folder, "exec $serveflow classify bundle -r pipe -w out");
        pipe.Write(File.ReadAllBytes(At("flows.pcap")));
        ProgramProcess.Until(() => Partials().Length == 1);

        Assert.Equal(0, ProgramProcess.Run(folder, "$serveflow classify bundle -r flows.pcap -w out").Code);
        Assert.Single(Partials());
        pipe.Dispose();
        Assert.Equal(CommandRunner.Succeeded, classify.Wait().Code);
        Assert.Empty(Partials());
    }

    [Fact]
    public void StandardOutput_FileThatAnotherAddsTo_IsRefused()
    {
        using var pipe = OpenPipe();
        using var classify = ProgramProcess.Start(folder, "exec $serveflow classify bundle -r pipe >> out");
        pipe.Write(File.ReadAllBytes(At("flows.pcap")));
        ProgramProcess.Until(() => File.Exists(At("out")) && new FileInfo(At("out")).Length > 0);

        var (code, _, said) = ProgramProcess.Run(folder, "$serveflow classify bundle -r flows.pcap >> out");

        Assert.Equal(CommandRunner.Failed, code);
        Assert.Contains("another process is writing", said, StringComparison.Ordinal);
    }

    FileStream OpenPipe()
    {
        ProgramProcess.Run(folder, "mkfifo pipe");
        return new FileStream(At("pipe"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
    }

    string[] Partials() => Directory.GetFiles(folder, "*.partial");

    string At(string name) => Path.Combine(folder, name);
}
