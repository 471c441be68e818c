using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Tests.OpenSet;

/// <summary>
/// Made-up flows of two packets of made-up devices. A device has habits: lengths that it uses and no other device does.
/// One flow in ten is a question that all devices ask alike, as they do for addresses and the time.
/// </summary>
static class DeviceFlows
{
    const int Captures = 12;
    const int FlowsPerCapture = 30;
    const int Habits = 3;

    public static DataSet Data(int classes, int firstCapture = 0)
    {
        var random = new Random(firstCapture + 1);
        var store = new HeaderStore();
        var flows = new List<LabelledFlow>();
        for (var capture = 0; capture < Captures; capture++)
        {
            for (var i = 0; i < FlowsPerCapture; i++)
            {
                var label = random.Next(classes);
                var isCommon = random.Next(10) == 0;
                HeaderRecord[] packets =
                [
                    Record(isCommon ? (byte)1 : Length(label, random), 0),
                    Record(isCommon ? (byte)1 : Length(label, random), 1),
                ];
                flows.Add(new(label, capture, i, i + 2_000_000_000L, store.Add(packets), packets.Length));
            }
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 2,
            Labels = [.. Enumerable.Range(0, classes).Select(c => $"device{c}")],
            Captures = [.. Enumerable.Range(firstCapture, Captures).Select(c => new Capture($"{c}.pcap", $"{c:x64}"))],
            Flows = flows,
            Headers = store,
            Sha256 = "00",
        };
    }

    static byte Length(int label, Random random) => (byte)(20 + (label * Habits) + random.Next(Habits));

    static HeaderRecord Record(byte length, int packet)
    {
        var record = new HeaderRecord { Ipv4Length = 20, SinceFirstMicroseconds = (uint)(packet * 25_000) };
        record.Bits[HeaderRecord.Ipv4Offset + 3] = length;
        return record;
    }
}
