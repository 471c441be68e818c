using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>Holds one field of one packet of every flow, as far as the schema shows it.</summary>
/// <param name="packet">The packet's number, from 0.</param>
sealed class FieldValues(DataSet data, RecordField asked, int packet)
{
    readonly RecordField timestamps = RecordField.FromName(RecordField.Timestamps);
    readonly bool hidesTimestamps = data.Schema.HidesTimestamps && asked.Name == "tcp_opt";
    ulong?[]? values;

    public string Field => asked.Name;

    /// <summary>Gets the packet's number, from 1, as people count.</summary>
    public int Packet => packet + 1;

    /// <summary>Gets the value for each flow of the data set; null where it has no such field.</summary>
    public ulong?[] All => values ??= Read();

    /// <summary>Returns the value that most of some flows have, and their share.</summary>
    public (string Value, double Share) MostCommon(IReadOnlyCollection<int> flows)
    {
        var most = flows.Where(flow => All[flow] is not null).GroupBy(flow => All[flow]).MaxBy(g => g.Count())!;
        return (asked.Format(Visible(most.First())), (double)most.Count() / flows.Count);
    }

    ulong?[] Read()
    {
        var read = new ulong?[data.Flows.Count];
        for (var flow = 0; flow < read.Length; flow++)
        {
            if (data.Flows[flow].KeptPackets > packet && asked.IsPresent(data.Packets(flow)[packet]))
            {
                read[flow] = asked.Read(Visible(flow));
            }
        }

        return read;
    }

    HeaderRecord Visible(int flow)
    {
        var record = data.Packets(flow)[packet];
        if (hidesTimestamps && timestamps.IsPresent(record))
        {
            timestamps.Clear(ref record);
        }

        return record;
    }
}
