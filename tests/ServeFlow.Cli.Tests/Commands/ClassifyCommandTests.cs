using System.CommandLine;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The <c>classify</c> verb from a bundle on disk and a capture to files of records.</summary>
public sealed class ClassifyCommandTests : IDisposable
{
    /// <summary>The linktype registry's RAW: packets begin with the IP header.</summary>
    const int Raw = 101;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-classify").FullName;

    public ClassifyCommandTests()
    {
        SmallBundle.Write(At("bundle"));
        File.WriteAllBytes(At("three.pcap"), Capture(5000, 5001, 5002));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("eve", 6)]
    [InlineData("csv", 4)]
    [InlineData("zeek", 12)]
    public void Run_TextFormats_WriteALinePerEventOrFlow(string format, int lines)
    {
        Assert.Equal(CommandRunner.Succeeded, Run("three.pcap", "--format", format));
        Assert.Equal(lines, File.ReadAllLines(At("out")).Length);
    }

    [Fact]
    public void Run_Parquet_WritesAParquetFile()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("three.pcap", "--format", "parquet"));
        Assert.Equal("PAR1"u8.ToArray(), File.ReadAllBytes(At("out"))[..4]);
    }

    [Fact]
    public void Run_Labels_AreTheModels()
    {
        Run("three.pcap", "--format", "csv");

        var rows = File.ReadAllLines(At("out")).Select(line => line.Split(',')).ToList();
        var label = Array.IndexOf(rows[0], "serveflow_label");
        Assert.Equal(["camera", "plug", "camera"], rows.Skip(1).Select(row => row[label]));
    }

    [Fact]
    public void Run_NoCapture_FailsAndLeavesNothing()
    {
        File.WriteAllText(At("text.pcap"), "not a capture");
        var before = Directory.GetFiles(folder);

        Assert.Equal(CommandRunner.Failed, Run("text.pcap"));
        Assert.Equal(before, Directory.GetFiles(folder));
    }

    [Fact]
    public void Run_CutCapture_GivesWhatIsThere()
    {
        File.WriteAllBytes(At("cut.pcap"), Capture(5000, 5001)[..^5]);

        Assert.Equal(CommandRunner.Succeeded, Run("cut.pcap"));
        Assert.Equal(2, File.ReadAllLines(At("out")).Length);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Run_FolderWithBadFiles_ReadsTheRest(string workers)
    {
        Directory.CreateDirectory(At("captures"));
        File.Copy(At("three.pcap"), At("captures/good.pcap"));
        File.WriteAllBytes(At("captures/cut.pcap"), Capture(6000, 6001)[..^5]);
        File.WriteAllBytes(At("captures/empty.pcap"), []);
        File.WriteAllText(At("captures/text.pcap"), "not a capture");
        File.CreateSymbolicLink(At("captures/link.pcap"), "nowhere");

        Assert.Equal(CommandRunner.Succeeded, Run("captures", "--workers", workers, "--format", "csv"));
        Assert.Equal(1 + 4, File.ReadAllLines(At("out")).Length);
    }

    [Theory]
    [InlineData("--workers", "0")]
    [InlineData("--workers", "many")]
    [InlineData("--format", "xml")]
    public void Run_BadOption_IsAUsageError(string option, string value) =>
        Assert.Equal(CommandRunner.Usage, Run("three.pcap", option, value));

    string At(string name) => Path.Combine(folder, name);

    int Run(string capture, params string[] options) => CommandRunner.Run(
        new RootCommand { ClassifyCommand.Create() },
        ["classify", At("bundle"), "-r", At(capture), "-w", At("out"), .. options]);

    /// <summary>A raw-IP pcap with one UDP packet from each port.</summary>
    static byte[] Capture(params int[] ports)
    {
        var file = new CaptureBuilder(Raw);
        foreach (var port in ports)
        {
            file.Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, [])));
        }

        return file.ToArray();
    }
}
