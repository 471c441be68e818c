using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>
/// <c>features</c> shows the packets that <c>classify</c> uses. The capture has one connection of eight packets: three
/// of a handshake, a FIN from each side, and three acknowledgements after them.
/// </summary>
public sealed class MatrixAgainstRecordTests : IDisposable
{
    const int Depth = 10;

    static readonly string Capture =
        Path.Combine(Repository.Root, "tests", "ServeFlow.Cli.Tests", "Commands", "golden", "close.pcap");

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-close").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_ConnectionCloses_RowHasThePacketsOfTheRecord()
    {
        Assert.Equal(5, MatrixPackets());
        Assert.Equal(5, RecordPackets());
    }

    int MatrixPackets()
    {
        Run(FeaturesCommand.Create(), "features", "-r", Capture, "-w", At("matrix"), "--packets", $"{Depth}",
            "--features", "nprint:udp+dir", "--mask", "udp_sport,udp_dport,udp_len,udp_cksum");
        return File.ReadAllLines(At("matrix"))[1].Split(',')[^Depth..].Count(direction => direction != "-1");
    }

    int RecordPackets()
    {
        SmallBundle.Write(At("bundle"), Depth);
        Run(ClassifyCommand.Create(), "classify", At("bundle"), "-r", Capture, "-w", At("records"));
        using var record = JsonDocument.Parse(File.ReadAllLines(At("records"))[0]);
        return record.RootElement.GetProperty("serveflow").GetProperty("packets_used").GetInt32();
    }

    string At(string name) => Path.Combine(folder, name);

    static void Run(Command command, params string[] arguments) =>
        Assert.Equal(CommandRunner.Succeeded, CommandRunner.Run(new RootCommand { command }, arguments));
}
