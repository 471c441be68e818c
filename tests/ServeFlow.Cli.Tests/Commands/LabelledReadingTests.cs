using System.CommandLine;
using ServeFlow.Cli.Commands;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Labels;
using ServeFlow.Cli.Commands.Training;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>How verbs read labelled captures: joined, and with labels of another clock.</summary>
public sealed class LabelledReadingTests : IDisposable
{
    const long Start = 1_700_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-reading").FullName;

    public LabelledReadingTests()
    {
        Directory.CreateDirectory(At("ring"));
        File.WriteAllBytes(At("ring/1.pcap"), new CaptureBuilder().Add(Ns(0), Datagram(5000)).Add(Ns(5), Datagram(6000))
            .ToArray());
        File.WriteAllBytes(At("ring/2.pcap"), new CaptureBuilder().Add(Ns(9), Datagram(5000))
            .Add(Ns(12), Datagram(7000)).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Features_Join_NamesTheFileInWhichAFlowBegins()
    {
        Assert.Equal(["1.pcap,5000", "1.pcap,6000", "2.pcap,5000", "2.pcap,7000"], Rows());
        Assert.Equal(["1.pcap,5000", "1.pcap,6000", "2.pcap,7000"], Rows("--join").Order(StringComparer.Ordinal));
    }

    /// <summary>What 'flows' lists, a labelled matrix of the same reading has, row for row.</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(3, "--join")]
    public void Features_LabelsOfFlows_MeetEveryRow(int expected, params string[] options)
    {
        WriteLabels(0, options);

        Assert.Equal(expected, Rows(["--labels", At("labels.csv"), .. options]).Count);
    }

    /// <summary>'flows' shows what commands a terminal as a number; the row still names its capture.</summary>
    [Fact]
    public void Features_CaptureWhoseNameCommands_IsMetByItsEscapedName()
    {
        File.Move(At("ring/1.pcap"), At("ring/\u001b[31m.pcap"));

        WriteLabels(0);

        Assert.Contains(@"\x1b[31m.pcap", File.ReadAllText(At("labels.csv")), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', File.ReadAllText(At("labels.csv")));
        Assert.Equal(4, Rows("--labels", At("labels.csv")).Count);
    }

    [Fact]
    public void Features_LabelsOfAnotherZone_MeetWhenShifted()
    {
        WriteLabels(3 * 3600);

        Assert.Equal(CommandRunner.Failed, Run(FeaturesCommand.Create(), "features", "-r", At("ring"), "--labels",
            At("labels.csv"), "-w", At("none")));
        Assert.Equal(4, Rows("--labels", At("labels.csv"), "--label-shift", "-3h").Count);
        Assert.Equal(4, Rows("--labels", At("labels.csv"), "--label-shift=-180m").Count);
    }

    [Fact]
    public void Verbs_ShiftWithoutLabels_AreRefused()
    {
        Assert.Equal(CommandRunner.Usage, Run(FeaturesCommand.Create(), "features", "-r", At("ring"), "--label-shift",
            "1h", "-w", At("none")));
        Assert.Equal(CommandRunner.Usage, Run(TrainCommand.Create(), "train", "-r", At("ring"), "-o", At("b"),
            "--label-shift", "1h"));
        Assert.Equal(CommandRunner.Usage, Run(EvaluateCommand.Create(), "evaluate", At("b"), "-r", At("ring"),
            "--label-shift", "1h"));
        Assert.Equal(CommandRunner.Usage, Run(FeaturesCommand.Create(), "features", "-r", At("ring"), "--join",
            "--format", "nprint", "-w", At("none")));
    }

    [Theory]
    [InlineData("3h", 10_800)]
    [InlineData("+3h", 10_800)]
    [InlineData("-90m", -5400)]
    [InlineData("-5h30m", -19_800)]
    [InlineData("1.5h", 5400)]
    [InlineData("0.25s", 0.25)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("0s", 0)]
    public void TryParse_Shift_IsRead(string text, double seconds)
    {
        Assert.True(ShiftText.TryParse(text, out var shift));
        Assert.Equal(TimeSpan.FromSeconds(seconds), shift);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("3")]
    [InlineData("h")]
    [InlineData("3m2h")]
    [InlineData("--3h")]
    [InlineData("99999999h")]
    public void TryParse_NoShift_IsRefused(string text) => Assert.False(ShiftText.TryParse(text, out _));

    /// <summary>Writes the labels of every flow, as of a clock that is ahead.</summary>
    void WriteLabels(int aheadSeconds, params string[] options)
    {
        Assert.Equal(CommandRunner.Succeeded, Run(FlowsCommand.Create(),
            ["flows", "-r", At("ring"), "-w", At("flows.csv"), .. options]));
        File.WriteAllLines(At("labels.csv"), File.ReadAllLines(At("flows.csv")).Select((line, i) =>
            i == 0 ? line : $"{line.Replace($",{Start / 100}", $",{(Start + aheadSeconds) / 100}")}x"));
    }

    /// <summary>The capture and the client's port of each row of a matrix.</summary>
    List<string> Rows(params string[] options)
    {
        Assert.Equal(CommandRunner.Succeeded, Run(FeaturesCommand.Create(), ["features", "-r", At("ring"), "-w",
            At("matrix"), "--packets", "1", "--features", "nprint:udp+dir", .. options]));
        return [.. File.ReadLines(At("matrix")).Skip(1).Select(line => line.Split(','))
            .Select(fields => $"{fields[0]},{fields[2]}")];
    }

    string At(string name) => Path.Combine(folder, name);

    static long Ns(int second) => (Start + second) * 1_000_000_000;

    static byte[] Datagram(int port) =>
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, new byte[9])));

    static int Run(Command command, params string[] arguments) =>
        CommandRunner.Run(new RootCommand { command }, arguments);
}
