using System.Runtime.Versioning;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Models;
using ServeFlow.Onnx.Trees;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Tests a worker with a model in ONNX's format: by what it is computed, and that answers stay the same.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class WorkerOnnxTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;

    /// <summary>Bits of the first two packets that the tier sees, of the UDP header alone.</summary>
    const int Columns = 128;

    const int LastBitOfSourcePort = 15;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-onnx-").FullName;
    readonly WorkerProcesses workers;

    public WorkerOnnxTests()
    {
        workers = new(folder);
        var manifest = SmallBundle.NewManifest();
        BundleWriter.Write(At("bundle"), manifest with
        {
            // The first tier is unsure of every flow.
            Tiers =
            [
                manifest.Tiers[0] with { Thresholds = [-1, -1] },
                manifest.Tiers[1] with
                {
                    Packets = 2,
                    File = "slow.onnx",
                    Import = new("onnx", Cascade.Scoring.ModelOutput.Probabilities, [0, 1]),
                },
            ],
        }, new Dictionary<string, byte[]>(SmallBundle.Models.Where(model => model.Key == "fast.txt"))
        {
            ["slow.onnx"] = OnnxForestWriter.Write(Forest()),
        });
    }

    public void Dispose()
    {
        workers.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("--onnx-library none", "none: is no folder; give the folder")]
    [InlineData("--onnx-library bundle", "bundle: has no libonnxruntime.so; give the folder")]
    [InlineData("--onnx-provider cuda", "has no provider cuda, but ")]
    [InlineData("--onnx-provider gpu", "--onnx-provider")]
    [InlineData("--onnx-threads 0", "--onnx-threads '0': give a whole number from 1")]
    [InlineData("--gather 513", "--gather '513': give a whole number from 0 to 512")]
    [InlineData("--gather-wait 5", "--gather-wait: waits for flows to gather: give --gather")]
    public void Worker_OptionThatDoesNotFit_IsRefusedInOneLine(string options, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(folder, "$serveflow worker bundle --listen "
            + $"127.0.0.1:{TcpPort.FindFree()} --silo-port {TcpPort.FindFree()} {options}");

        Assert.NotEqual(CommandRunner.Succeeded, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(1, said.Count(c => c == '\n'));
    }

    [Fact]
    public void Classify_GatheredByTheLibraryOfAFolder_GivesTheRecordsOfOneProcess()
    {
        var own = Directory.GetFiles(Path.GetDirectoryName(Repository.Program)!, "libonnxruntime.so",
            SearchOption.AllDirectories).Single(path => path.Contains("linux-x64", StringComparison.Ordinal));
        File.Copy(own, At("libonnxruntime.so"));
        WriteCapture(flows: 3_000);
        var address = workers.Start("one", options: "--onnx-library . --onnx-threads 2 --gather 64 --gather-wait 2");

        Assert.Contains("'slow' of bundle 1 (model ", File.ReadAllText(At("one")), StringComparison.Ordinal);
        Assert.Contains(" by onnxruntime\n", File.ReadAllText(At("one")), StringComparison.Ordinal);
        var maps = File.ReadAllText($"/proc/{workers[0].Id}/maps");
        Assert.Contains(At("libonnxruntime.so"), maps, StringComparison.Ordinal);
        Assert.DoesNotContain(own, maps, StringComparison.Ordinal);

        ProgramProcess.Succeed(folder, "$serveflow classify bundle -r flows.pcap -w local.json -q");
        ProgramProcess.Succeed(folder, "$serveflow classify bundle -r flows.pcap -w there.json --workers 2 "
            + $"--cluster edge --cluster-connection {address} -q");
        Assert.Equal(File.ReadLines(At("local.json")).Order(), File.ReadLines(At("there.json")).Order());

        workers[0].Signal("TERM");
        Assert.Equal(CommandRunner.Succeeded, workers[0].Wait().Code);
        Assert.Matches("': [1-9][0-9]* batches: .* flows, in [1-9][0-9]* runs", File.ReadAllText(At("one")));
    }

    static Forest Forest() => new()
    {
        Classes = 2,
        TreesPerIteration = 1,
        Transform = ScoreTransform.Sigmoid,
        ColumnNames = [.. Enumerable.Range(0, Columns).Select(column => $"c{column}")],
        Trees =
        [
            new()
            {
                Columns = [LastBitOfSourcePort], Thresholds = [0.5], LeftChildren = [~0], RightChildren = [~1],
                LeafValues = [-1, 1],
            },
        ],
    };

    void WriteCapture(int flows)
    {
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < flows; i++)
        {
            capture.Add(Start + (i * 2_000_000L), Udp(5000 + i));
            capture.Add(Start + (i * 2_000_000L) + 500_000, Udp(5000 + i));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    static byte[] Udp(int port) => Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, []));

    string At(string name) => Path.Combine(folder, name);
}
