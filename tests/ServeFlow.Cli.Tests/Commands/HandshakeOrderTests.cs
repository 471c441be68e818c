using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>
/// A connection of 10.0.0.1:40000 to 10.0.0.2:443 that a capture shows from its SYN-ACK on, or with the SYN after it:
/// records and matrices agree on who the client is.
/// </summary>
public sealed class HandshakeOrderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-order").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("mid.pcap", "1 0 0 1 0 -1")]
    [InlineData("ooo.pcap", "1 0 0 0 1 0")]
    public void Run_SynAckFirst_MatrixHasTheClientsDirections(string capture, string directions)
    {
        Run(FeaturesCommand.Create(), "features", "-r", Golden(capture), "-w", At("matrix"), "--packets", "6",
            "--features", "nprint:udp+dir", "--mask", "udp_sport,udp_dport,udp_len,udp_cksum");

        var rows = File.ReadAllLines(At("matrix")).Select(line => line.Split(',')).ToList();
        Assert.Equal("10.0.0.1", rows[1][Array.IndexOf(rows[0], "src")]);
        Assert.Equal(directions, string.Join(' ', rows[1][^6..]));
    }

    [Theory]
    [InlineData("mid.pcap", 3, 3)]
    [InlineData("ooo.pcap", 4, 3)]
    public void Run_SynAckFirst_RecordsStartFromTheClient(string capture, int toServer, int toClient)
    {
        SmallBundle.Write(At("bundle"));
        Run(ClassifyCommand.Create(), "classify", At("bundle"), "-r", Golden(capture), "-w", At("records"));

        var lines = File.ReadAllLines(At("records"));
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line =>
        {
            using var record = JsonDocument.Parse(line);
            Assert.Equal("10.0.0.1", record.RootElement.GetProperty("src_ip").GetString());
            Assert.Equal(443, record.RootElement.GetProperty("dest_port").GetInt32());
        });
        using var end = JsonDocument.Parse(lines[^1]);
        var flow = end.RootElement.GetProperty("flow");
        Assert.Equal((toServer, toClient),
            (flow.GetProperty("pkts_toserver").GetInt32(), flow.GetProperty("pkts_toclient").GetInt32()));
    }

    string At(string name) => Path.Combine(folder, name);

    static string Golden(string name) =>
        Path.Combine(Repository.Root, "tests", "ServeFlow.Cli.Tests", "Commands", "golden", name);

    static void Run(Command command, params string[] arguments) =>
        Assert.Equal(CommandRunner.Succeeded, CommandRunner.Run(new RootCommand { command }, arguments));
}
