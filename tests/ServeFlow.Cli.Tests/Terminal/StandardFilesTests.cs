using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>Where whoever started the program had closed its standard files, or allows it hardly any.</summary>
public sealed class StandardFilesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-standard").FullName;

    public StandardFilesTests()
    {
        SmallBundle.Write(Path.Combine(folder, "b"));
        File.WriteAllBytes(Path.Combine(folder, "x.pcap"), new CaptureBuilder(101)
            .Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("<&-")]
    [InlineData("<&- >&-")]
    [InlineData("0>/dev/null")]
    public void Run_CaptureFromAClosedStandardInput_IsRefused(string closed)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"exec \"$serveflow\" classify b -r - -w o {closed}");

        Assert.Equal((1, "serveflow: standard input: is closed: send a capture there, or give a file\n"), (code, said));
    }

    [Theory]
    [InlineData(">&-")]
    [InlineData("<&- >&-")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData(">&- 2>&-")]
    [InlineData("</dev/null >&-")]
    public void Run_ClosedStandardOutput_FailsAndSaysSoWhereItCan(string closed)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"exec \"$serveflow\" classify b -r x.pcap -q {closed}");

        Assert.Equal(1, code);
        Assert.Equal(closed.Contains("2>", StringComparison.Ordinal) ? "" : "serveflow: standard output: cannot be "
            + "written: it is closed; make room there, or send it to another place\n", said);
    }

    [Theory]
    [InlineData("<&-")]
    [InlineData("2>&-")]
    [InlineData("<&- 2>&-")]
    public void Run_OtherStandardFilesClosed_WritesWhatItAlwaysDoes(string closed)
    {
        var (code, written, said) = ProgramProcess.Run(folder, $"exec \"$serveflow\" flows -r x.pcap -q {closed}");

        Assert.Equal((0, ""), (code, said));
        Assert.Equal(ProgramProcess.Run(folder, "exec \"$serveflow\" flows -r x.pcap -q").Written, written);
    }

    [Theory]
    [InlineData("mkdir gone && cd gone && rmdir ../gone", "is gone: change to one that is there")]
    [InlineData("d=$(printf 'x\\377'); mkdir \"$d\" && cd \"$d\"", "or its name is not UTF-8: change to another")]
    public void Run_WorkingDirectoryIsOfNoUse_IsSaid(string change, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"{change}; exec \"$serveflow\" flows -r ../x.pcap -w o.csv");
        ProgramProcess.Run(folder, "rm -rf x*[!p]"); // names that are not UTF-8 are beyond what .NET deletes

        Assert.Equal(1, code);
        Assert.Contains(expected, said.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(511)]
    public void Run_FewFilesMayBeOpen_SaysHowManyItTakes(int most)
    {
        var (code, _, said) = ProgramProcess.Run(folder, $"ulimit -n {most}; exec \"$serveflow\" classify b -r x.pcap");

        Assert.Equal((1, $"serveflow: at most {most} files may be open: allow at least 512 (ulimit -n, or LimitNOFILE= "
            + "of a unit)\n"), (code, said));
    }
}
