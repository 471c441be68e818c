using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Tests;

/// <summary>
/// Made-up captures of three classes: the first packet tells one class and leaves two in doubt, the third packet,
/// 50 ms later, tells all. Every seventh flow ends after its first packet.
/// </summary>
static class SessionFlows
{
    public const int Captures = 24;

    public static DataSet Data(int flowsPerCapture = 20, int seed = 1, int captures = Captures,
        FlowWindows unit = default)
    {
        var random = new Random(seed);
        var store = new HeaderStore();
        var flows = new List<LabelledFlow>();
        for (var capture = 0; capture < captures; capture++)
        {
            for (var i = 0; i < flowsPerCapture; i++)
            {
                var label = (capture + i) % 3;
                var packets = Enumerable.Range(0, i % 7 == 6 ? 1 : 3).Select(p => Record(label, p, random)).ToArray();
                var end = packets.Length < 3 ? 2_000_000_000L : 5_000_000_000L;
                flows.Add(new(label, capture, i, i + end, store.Add(packets), packets.Length));
            }
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 3,
            Unit = unit,
            Labels = ["camera", "hub", "plug"],
            Captures = [.. Enumerable.Range(0, captures).Select(c => new Capture($"{c}.pcap", $"{c:x64}"))],
            Flows = flows,
            Headers = store,
            Sha256 = "00",
        };
    }

    static HeaderRecord Record(int label, int packet, Random random)
    {
        var record = new HeaderRecord
        {
            Ipv4Length = 20,
            SinceFirstMicroseconds = (uint)(packet * 25_000),
        };
        record.Bits[HeaderRecord.Ipv4Offset + 8] = label == 0 ? (byte)64 : (byte)128;
        record.Bits[HeaderRecord.Ipv4Offset + 3] = packet < 2
            ? (byte)random.Next(256)
            : (byte)((label * 64) + random.Next(32));
        return record;
    }
}
