using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Tests.Datasets;

/// <summary>Data sets without captures behind them.</summary>
static class FlowSets
{
    /// <summary>One flow for each (capture, label), one packet each; the packet's TTL is the flow's number.</summary>
    public static DataSet Create(params (int Capture, int Label)[] flows) => Create(i => (byte)i, flows);

    /// <summary>Flows without packets, for what looks at labels, captures and predictions alone.</summary>
    /// <param name="labels">The class of each flow.</param>
    /// <param name="captures">The capture of each flow; null puts all into one.</param>
    public static FlowSample Sample(int[] labels, int classes, int[]? captures = null) => FlowSample.All(new()
    {
        Schema = FeatureSchema.Parse("nprint:ip4"),
        Depth = 1,
        Labels = [.. Enumerable.Range(0, classes).Select(label => $"class{label:00}")],
        Captures = [.. Enumerable.Range(0, (captures?.Max() ?? 0) + 1).Select(i => new Capture($"{i}.pcap", ""))],
        Flows = [.. labels.Select((label, i) => new LabelledFlow(label, captures?[i] ?? 0, i, i, 0, 0))],
        Headers = new(),
    });

    public static DataSet Create(Func<int, byte> ttl, params (int Capture, int Label)[] flows)
    {
        var store = new HeaderStore();
        var labelled = new List<LabelledFlow>();
        foreach (var (capture, label) in flows)
        {
            var record = new HeaderRecord { Ipv4Length = 20 };
            record.Bits[HeaderRecord.Ipv4Offset + 8] = ttl(labelled.Count);
            // A masked byte: the last of the source address.
            record.Bits[HeaderRecord.Ipv4Offset + 15] = (byte)(labelled.Count * 7);
            labelled.Add(new(label, capture, labelled.Count, labelled.Count, store.Add([record]), 1));
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 1,
            Labels = [.. Enumerable.Range(0, flows.Max(flow => flow.Label) + 1).Select(label => $"class{label:00}")],
            Captures =
                [.. Enumerable.Range(0, flows.Max(flow => flow.Capture) + 1).Select(i => new Capture($"{i}.pcap", ""))],
            Flows = labelled,
            Headers = store,
        };
    }
}
