using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>Made-up flows of three classes, of which no packet says anything but all together do: by their bytes.
/// </summary>
static class VolumeFlows
{
    public static TrainingPart Part(int flows, int depth, int seed)
    {
        var random = new Random(seed);
        var store = new HeaderStore();
        var list = new List<LabelledFlow>();
        for (var i = 0; i < flows; i++)
        {
            var (label, packets) = (i % 3, new HeaderRecord[depth]);
            foreach (ref var packet in packets.AsSpan())
            {
                packet.UdpLength = 8;
                packet.Bits[HeaderRecord.UdpOffset + 5] = (byte)random.Next(256);
                packet.Size = (ushort)(random.Next(0, 1200) + (label * 130));
                packet.InterArrivalMicroseconds = (uint)random.Next(1, 90_000);
            }

            list.Add(new(label, 0, i, i + 1, store.Add(packets), packets.Length));
        }

        return new(FlowSample.All(new()
        {
            Schema = FeatureSchema.Parse("nprint:udp+size+agg"),
            Depth = depth,
            Labels = ["a", "b", "c"],
            Captures = [new Capture("synthetic.pcap", "")],
            Flows = list,
            Headers = store,
        }), depth);
    }
}
