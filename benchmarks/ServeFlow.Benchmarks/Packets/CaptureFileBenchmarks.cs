using BenchmarkDotNet.Attributes;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Benchmarks.Packets;

/// <summary>Reading a pcap file of the page cache, to bursts.</summary>
public class CaptureFileBenchmarks
{
    const int Flows = 2_000;
    const int Packets = Flows * 10;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-bench").FullName;
    readonly PacketBurst burst = new();
    string path = "";

    [GlobalSetup]
    public void Setup()
    {
        var directory = Path.Combine(folder, "synthetic");
        SyntheticSet.Write(new() { Directory = directory, Flows = Flows, Captures = 1, PacketsPerFlow = 10 });
        path = Directory.GetFiles(Path.Combine(directory, "captures"))[0];
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(folder, recursive: true);

    [Benchmark(OperationsPerInvoke = Packets)]
    public int Read()
    {
        using var file = CaptureFile.Open(path);
        var read = 0;
        while (file.Poll(burst))
        {
            read += burst.Count;
        }

        return read;
    }
}
