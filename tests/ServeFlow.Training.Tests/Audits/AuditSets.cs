using ServeFlow.Features;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Tests.Audits;

/// <summary>Made-up flows of three classes, in 24 captures of one class each, that leak as a test wants.</summary>
static class AuditSets
{
    public const int Captures = 24;

    const int FlowsPerCapture = 12;

    /// <param name="write">Fills a packet of a flow: TCP over IPv4, all values 0.</param>
    public static DataSet Create(Write write, string mask = "default", int packets = 1)
    {
        var random = new Random(5);
        var store = new HeaderStore();
        var flows = new List<LabelledFlow>();
        for (var capture = 0; capture < Captures; capture++)
        {
            for (var i = 0; i < FlowsPerCapture; i++)
            {
                var records = Enumerable.Range(0, packets).Select(packet =>
                {
                    var record = new HeaderRecord { Ipv4Length = 20, TcpLength = 20 };
                    write(ref record, new(capture % 3, capture, packet), random);
                    return record;
                }).ToArray();
                var first = (capture * 1_000_000_000L) + i;
                flows.Add(new(capture % 3, capture, first, first + 1000, store.Add(records), packets));
            }
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4,tcp", mask),
            Depth = packets,
            Labels = ["camera", "hub", "plug"],
            Captures = [.. Enumerable.Range(0, Captures).Select(c => new Capture($"{c}.pcap", $"{c:x64}"))],
            Flows = flows,
            Headers = store,
        };
    }

    /// <summary>The last six captures held back.</summary>
    public static AuditFlows Split(DataSet data)
    {
        var all = FlowSample.All(data);
        return AuditFlows.From(all.Where(flow => flow.Capture < Captures - 6),
            all.Where(flow => flow.Capture >= Captures - 6));
    }

    public static QuickModel Model(int packets = 1) => new(packets, TimeSpan.FromSeconds(60), new() { Threads = 1 });

    /// <summary>Where a packet stands.</summary>
    public readonly record struct Position(int Class, int Capture, int Packet);

    public delegate void Write(ref HeaderRecord record, Position place, Random random);
}
