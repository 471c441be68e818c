using Parquet;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>A sensor with a single Parquet file that is killed, and the next one.</summary>
public sealed class ServeParquetTests : IDisposable
{
    const int RowGroup = 65_536;
    const int Flows = 70_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-parquet").FullName;

    public ServeParquetTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Serve_Killed_LosesLessThanARowGroupAndTheNextRunKeepsTheRest()
    {
        var many = new CaptureBuilder();
        for (var i = 0; i < Flows; i++)
        {
            many.Add(i * 100_000L, Datagram(i));
        }

        await File.WriteAllBytesAsync(At("many.pcap"), many.ToArray(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(At("few.pcap"), new CaptureBuilder().Add(0, Datagram(1)).ToArray(),
            TestContext.Current.CancellationToken);
        var (_, _, killed) = ProgramProcess.Run(folder, """
            { cat many.pcap; sleep 5; } | $serveflow serve bundle -r - --parquet flows.parquet --udp-idle-timeout 0.2 &
            job=$!
            until [ -e flows.parquet ]; do sleep 0.05; done
            kill -KILL $job; wait $job
            """);

        Assert.True(await CountRowsAsync("flows.parquet") == RowGroup, killed);
        var (code, _, said) = ProgramProcess.Run(folder, "$serveflow serve bundle -r few.pcap --parquet flows.parquet");

        Assert.Equal(0, code);
        Assert.Contains("a run that was killed left its file, which is ", said, StringComparison.Ordinal);
        Assert.Equal((RowGroup, 1), (await CountRowsAsync("flows-2.parquet"), await CountRowsAsync("flows.parquet")));
        Assert.Equal(["flows-2.parquet", "flows.parquet"],
            Directory.GetFiles(folder, "flows*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    async Task<long> CountRowsAsync(string name)
    {
        await using var stream = File.OpenRead(At(name));
        await using var reader = await ParquetReader.CreateAsync(stream,
            cancellationToken: TestContext.Current.CancellationToken);
        return Enumerable.Range(0, reader.RowGroupCount).Sum(i =>
        {
            using var group = reader.OpenRowGroupReader(i);
            return group.RowCount;
        });
    }

    string At(string name) => Path.Combine(folder, name);

    static byte[] Datagram(int number) => Frame.Ethernet(Frame.Ip4, Frame.Ipv4(
        $"10.0.{number >> 8 & 0xff}.{number & 0xff}", $"10.1.0.{number >> 16}", 17, Frame.Udp(5000, 53, new byte[9])));
}
