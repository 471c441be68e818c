using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Gives flows the values that other flows have in some fields. Values are exchanged between flows whose first packet
/// has the same headers, all fields and packets of a flow from the same other flow, so that what is exchanged still
/// fits together and only what it says about this flow is lost. Which headers and how many packets a flow has stays.
/// </summary>
sealed class FieldPermutation
{
    readonly DataSet data;

    /// <summary>Holds the flows with the same headers in their first packet.</summary>
    readonly int[][] groups;

    /// <param name="data">All of its flows take part.</param>
    public FieldPermutation(DataSet data)
    {
        this.data = data;
        groups = [.. Enumerable.Range(0, data.Flows.Count).GroupBy(flow => FirstHeaders.GetBits(data, flow))
            .Select(group => group.ToArray())];
    }

    /// <param name="fields">Exchanged together.</param>
    /// <param name="packet">The packet whose fields are permuted, from 0; null permutes them in all packets.</param>
    public DataSet Permute(IReadOnlyList<RecordField> fields, int? packet, Random random)
    {
        var store = new HeaderStore();
        var flows = data.Flows.ToArray();
        var records = new HeaderRecord[data.Depth];
        foreach (var group in groups)
        {
            var donors = (int[])group.Clone();
            random.Shuffle(donors);
            for (var i = 0; i < group.Length; i++)
            {
                var packets = data.Packets(group[i]);
                packets.CopyTo(records);
                for (var p = packet ?? 0; p < packets.Length && p <= (packet ?? p); p++)
                {
                    Copy(fields, Donor(donors, i, p), p, ref records[p]);
                }

                flows[group[i]] = flows[group[i]] with { FirstRecord = store.Add(records.AsSpan(0, packets.Length)) };
            }
        }

        return AuditFlows.Copy(data, data.Schema, flows, store);
    }

    void Copy(IReadOnlyList<RecordField> fields, int donor, int packet, ref HeaderRecord record)
    {
        ref readonly var from = ref data.Packets(donor)[packet];
        foreach (var field in fields)
        {
            if (field.IsPresent(from) && field.IsPresent(record))
            {
                field.Copy(from, ref record);
            }
        }
    }

    /// <summary>Returns the flow's donor, or the next one in the random order that has the packet: at worst the flow
    /// itself comes round.</summary>
    int Donor(int[] donors, int place, int packet)
    {
        var at = place;
        while (data.Flows[donors[at]].KeptPackets <= packet)
        {
            at = (at + 1) % donors.Length;
        }

        return donors[at];
    }
}
