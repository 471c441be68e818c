using System.Diagnostics;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>Where an output would do damage or cannot be: one line, and everything stays as it was.</summary>
public sealed class OutputPlaceTests : IDisposable
{
    /// <summary>A name of 300 letters, where file systems take 255.</summary>
    const string LongName = Fifty + Fifty + Fifty + Fifty + Fifty + Fifty;

    const string Fifty = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-places").FullName;

    public OutputPlaceTests()
    {
        SmallBundle.Write(At("b"));
        Directory.CreateDirectory(At("dir"));
        File.WriteAllBytes(At("x.pcap"), new CaptureBuilder(101)
            .Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("classify b -r x.pcap -w b/1/cascade.json", "serveflow: b/1/cascade.json: lies in the bundle")]
    [InlineData("classify b -r x.pcap -w b/1/new.json", "serveflow: b/1/new.json: lies in the bundle")]
    [InlineData("classify b -r x.pcap -w x.pcap", "x.pcap: is read and cannot be written over")]
    [InlineData("classify b -r x.pcap -w dir", "dir: is a directory")]
    [InlineData("features -r x.pcap -w b/1/fast.txt", "lies in the bundle")]
    [InlineData("classify b -r x.pcap -w r.json.gz", "-w r.json.gz: is written without compression")]
    [InlineData("flows -r x.pcap -w r.csv.ZST", "-w r.csv.ZST: is written without compression")]
    [InlineData("serve b -r x.pcap --speed max --eve e.json.gz", "--eve e.json.gz: is written without compression")]
    [InlineData("model export b/1/fast.txt -w b/1/fast.onnx", "lies in the bundle")]
    [InlineData("serve b -r x.pcap --speed max --eve x.pcap", "--eve x.pcap: is a capture")]
    [InlineData("serve b -r x.pcap --speed max --zeek x.pcap", "--zeek x.pcap: is a capture")]
    [InlineData("serve b -r x.pcap --speed max --eve e --stats-json x.pcap", "--stats-json x.pcap: is a capture")]
    [InlineData("serve b -r x.pcap --speed max --eve b/1/cascade.json", "lies in the bundle")]
    [InlineData("serve b -r x.pcap --speed max --eve e --stats-json e", "two outputs cannot go to one file")]
    [InlineData("serve b -r x.pcap --speed max --stats-json -", "standard output can take one thing only")]
    [InlineData("serve b -r x.pcap --speed max --json --stats-json -", "standard output can take one thing only")]
    [InlineData("serve b -r x.pcap --speed max --csv dir", "--csv dir: is a directory")]
    [InlineData("serve b -r x.pcap --speed max --stats-json dir --eve e", "--stats-json dir: is a directory")]
    [InlineData("serve b -r x.pcap --speed max --parquet flows", "--parquet flows: says neither a file nor a")]
    [InlineData("serve b -r x.pcap --speed max --format parquet", "cannot go to standard output")]
    [InlineData("serve b -r x.pcap --speed max --dump-flows label=plug --dump-to b/1", "b/1: lies in the")]
    [InlineData("synth --out b/1/new --flows 5", "lies in the bundle")]
    [InlineData("train -r x.pcap -o b/1", "serveflow: b/1: lies in the bundle")]
    [InlineData("train -r x.pcap -o b/1/new", "serveflow: b/1/new: lies in the bundle")]
    [InlineData("train -r x.pcap -o x.pcap/b", "x.pcap/b: cannot be made, because")]
    [InlineData("train -r x.pcap -o dir/" + LongName, "the specified path is too long")]
    [InlineData("reproduce --quick -o x.pcap/r", "x.pcap/r: cannot be made")]
    [InlineData("reproduce --quick -o b/1/r", "lies in the bundle")]
    [InlineData("evaluate b -r x.pcap --report b/1", "lies in the bundle")]
    [InlineData("evaluate b -r x.pcap --report new --load dir", "--load dir: is a directory")]
    [InlineData("model export dir -w o", "dir: is a directory")]
    [InlineData("model show dir", "no bundle here")]
    [InlineData("model import dir", "dir: is a directory; give a model file")]
    public void Run_PlaceThatWouldDoDamage_IsRefusedAndNothingChanges(string command, string expected)
    {
        var before = Contents();

        var (code, _, said) = Run(command);

        Assert.Equal(1, code);
        Assert.Contains(expected, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(before, Contents());
    }

    [Theory]
    [InlineData("classify b -r x.pcap")]
    [InlineData("classify b -r x.pcap --json")]
    [InlineData("features -r x.pcap")]
    [InlineData("model show b")]
    [InlineData("serve b -r x.pcap --speed max --json")]
    public void Run_FullStandardOutput_IsNamedWithTheRemedy(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");

        var (code, _, said) = Run("/bin/sh", "-c", $"exec '{Repository.Program}' {command} > /dev/full");

        Assert.Equal(1, code);
        Assert.Contains("serveflow: standard output: cannot be written: No space left on device; make room there, or "
            + "send it to another place", said.Split('\n'));
    }

    [Theory]
    [InlineData("classify b -r x.pcap -w /dev/full")]
    [InlineData("features -r x.pcap -w /dev/full --format csv")]
    [InlineData("flows -r x.pcap -w /dev/full")]
    public void Run_FullDevice_IsNamedWithTheRemedy(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");

        var (code, _, said) = Run(command);

        Assert.Equal(1, code);
        Assert.Contains("serveflow: /dev/full: cannot be written: No space left on device; make room there, or give "
            + "another place with -w", said.Split('\n'));
    }

    [Fact]
    public void Run_ClosedStandardOutput_IsNamed()
    {
        var (code, _, said) = Run("/bin/sh", "-c", $"exec '{Repository.Program}' model show b >&-");

        Assert.Equal(1, code);
        Assert.Contains("standard output: cannot be written", said);
    }

    [Fact]
    public void Serve_StatisticsOnStandardOutput_AreJsonLines()
    {
        var (code, output, _) = Run("serve b -r x.pcap --speed 1 --eve e --stats-json - --stats-interval 0.001");

        Assert.Equal(0, code);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("{\"timestamp\":", line, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(folder, "-"));
    }

    [Fact]
    public void Serve_FormatWithoutAFile_IsThatOfStandardOutput() => Assert.StartsWith("timestamp,flow_id,",
        Run("serve b -r x.pcap --speed max --format csv").Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("classify b -r x.pcap -w o -q")]
    [InlineData("classify b -r x.pcap -w o --quiet")]
    [InlineData("serve b -r x.pcap --speed max --eve o -q")]
    [InlineData("features -r x.pcap -w o -q")]
    public void Run_Quiet_SaysNothing(string command)
    {
        var (code, output, said) = Run(command);

        Assert.Equal((0, "", ""), (code, output, said));
    }

    [Fact]
    public void Run_Quiet_StillSaysErrors()
    {
        Assert.Contains("serveflow: none.pcap: no such file", Run("classify b -r none.pcap -q").Said);
        Assert.Contains("unknown option '--bogus'", Run("-q classify b -r x.pcap --bogus").Said);
    }

    [Fact]
    public void Classify_ClosingLines_SayCapturedAsServeDoes()
    {
        const string Account = "1 packets captured = 1 tracked + 0 outside flows + 0 ignored";
        Assert.Contains(Account, Run("classify b -r x.pcap").Said);

        var said = Run("serve b -r x.pcap --speed max --eve e").Said;
        Assert.Contains(Account, said);
        Assert.Equal("1 packets received by filter",
            Assert.Single(said.Split('\n'), line => line.Contains("received", StringComparison.Ordinal)).TrimEnd());
    }

    [Fact]
    public void Classify_UnknownLinkType_IsNamedAsTheReason()
    {
        File.WriteAllBytes(At("odd.pcap"), new CaptureBuilder(147).Add(1_000_000, [1, 2, 3]).ToArray());

        Assert.Contains("odd.pcap: no flow in 1 captures with 1 packets (ignored: unknown_link_type 1); give captures "
            + "that hold IP packets", Run("classify b -r odd.pcap").Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Classify_PipeThatNobodyReads_IsNamedAsTheReason()
    {
        ProgramProcess.Run(folder, "mkfifo pipe");

        Assert.Contains("pipe: cannot be written: the pipe has no reader; start its reader",
            Run("classify b -r x.pcap -w pipe").Said, StringComparison.Ordinal);
    }

    string At(string name) => Path.Combine(folder, name);

    SortedDictionary<string, string> Contents() => new(Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(file))));

    (int Code, string Output, string Said) Run(string command) => Run(Repository.Program, command.Split(' '));

    (int Code, string Output, string Said) Run(string program, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(Repository.Program), "no program to start");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Result, said);
    }
}
