using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>Made-up flows of three classes that their TTL, sizes and second packets tell apart.</summary>
static class SyntheticFlows
{
    public static TrainingPart Part(int flows, int depth, int seed = 1, bool alike = false, int rareEvery = 0)
    {
        var random = new Random(seed);
        var store = new HeaderStore();
        var list = new List<LabelledFlow>();
        for (var i = 0; i < flows; i++)
        {
            var label = rareEvery > 0 ? (i % rareEvery == 0 ? 2 : 0) : i % 3;
            var packets = Enumerable.Range(0, 1 + random.Next(3))
                .Select(p => alike ? Record(0, p, new Random(1)) : Record(label, p, random)).ToArray();
            var kept = alike ? packets[..1] : packets;
            list.Add(new LabelledFlow(label, 0, i, i + 1, store.Add(kept), kept.Length));
        }

        var data = new DataSet
        {
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet + "+size"),
            Depth = 3,
            Labels = ["a", "b", "c"],
            Captures = [new Capture("synthetic.pcap", "")],
            Flows = list,
            Headers = store,
        };
        return new TrainingPart(FlowSample.All(data), depth);
    }

    static HeaderRecord Record(int label, int packet, Random random)
    {
        var record = new HeaderRecord { Ipv4Length = 20, Direction = (byte)(packet & 1) };
        var noise = random.Next(10) == 0;
        record.Bits[8] = (byte)(label == 0 || noise ? 64 : 128);
        record.Bits[1] = (byte)random.Next(256);
        record.Size = (ushort)(40 + random.Next(400) + (label == 2 && !noise ? 300 : 0));
        if (random.Next(2) == 0)
        {
            record.UdpLength = 8;
            record.Bits[HeaderRecord.UdpOffset + 5] = (byte)random.Next(256);
        }
        else
        {
            record.TcpLength = 20;
            record.Bits[HeaderRecord.TcpOffset + 14] = (byte)(label * 16 * (1 + packet));
        }

        return record;
    }
}
