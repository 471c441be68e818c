using BenchmarkDotNet.Attributes;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Benchmarks.Features;

/// <summary>From a decoded packet to a header record, and from 512 records to bit planes.</summary>
public class FeatureBenchmarks
{
    const int Flows = PlaneExtractor.BatchSize;

    static readonly FeatureSchema schema = FeatureSchema.Parse(FeatureSchema.DefaultSet);

    /// <summary>A test of every column of the first packet: more than any trained model asks.</summary>
    readonly PlaneExtractor planes = new(schema,
        [.. Enumerable.Range(0, schema.ColumnsPerPacket).Select(c => new PlaneTest(c, 0.5, false, false, true))]);

    PacketMemory memory = new();
    PacketSlot[] slots = [];
    PacketHeaders[] headers = [];
    HeaderRecord[] records = [];

    [GlobalSetup]
    public void Setup()
    {
        memory = SyntheticLab.Traffic(Flows, 1);
        slots = SyntheticLab.Slots(memory);
        headers = new PacketHeaders[Flows];
        records = SyntheticLab.Records(memory);
        var ignored = new Tally<IgnoreReason>();
        for (var i = 0; i < Flows; i++)
        {
            PacketDecoder.TryDecode(slots[i], out headers[i], ignored);
        }
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public void Record()
    {
        for (var i = 0; i < Flows; i++)
        {
            HeaderRecorder.Record(slots[i], headers[i], true, slots[i].TimestampNs, slots[i].TimestampNs,
                out records[i]);
        }

        GC.KeepAlive(memory);
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public byte AllPlanes()
    {
        for (var i = 0; i < Flows; i++)
        {
            planes.Add(i, records.AsSpan(i, 1));
        }

        planes.Finish();
        return planes.Planes[0];
    }
}
