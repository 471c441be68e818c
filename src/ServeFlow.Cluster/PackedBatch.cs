using System.Buffers;
using System.Buffers.Binary;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster.Messages;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>
/// Writes the flows of a batch as one array of bytes, and reads them: of each flow the number of its packets (2 bytes,
/// little-endian) and the packets, as <see cref="HeaderPacking"/> has them.
/// </summary>
static class PackedBatch
{
    public static byte[] Write(RemoteBatch batch, HeaderPacking packing)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBytes(batch.Count, batch.Depth, packing));
        var at = 0;
        for (var flow = 0; flow < batch.Count; flow++)
        {
            var packets = batch.Packets(flow);
            BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(at), (ushort)packets.Length);
            at += sizeof(ushort);
            foreach (ref readonly var packet in packets)
            {
                at += packing.Write(packet, buffer.AsSpan(at));
            }
        }

        var rows = buffer.AsSpan(0, at).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return rows;
    }

    /// <summary>Computes the most bytes that flows take.</summary>
    /// <param name="depth">Packets of a flow at most.</param>
    public static int MaxBytes(int flows, int depth, HeaderPacking packing) =>
        checked(flows * (sizeof(ushort) + (depth * packing.MaxBytes)));

    /// <summary>Hands the flows to a scorer; gives false where they are not what <see cref="Write"/> writes.</summary>
    /// <param name="packets">Room for the packets of a flow, as many as the tier sees.</param>
    /// <param name="first">The place of the first flow.</param>
    public static bool TryRead(TierRequest request, HeaderPacking packing, HeaderRecord[] packets, IBatchScorer scorer,
        int first)
    {
        if (request.Flows is < 1 or > RemoteBatch.Capacity)
        {
            return false;
        }

        var rows = request.Rows.AsSpan();
        for (var flow = 0; flow < request.Flows; flow++)
        {
            if (!TryReadFlow(ref rows, packing, packets, out var count))
            {
                return false;
            }

            scorer.Add(first + flow, packets.AsSpan(0, count));
        }

        return rows.IsEmpty;
    }

    static bool TryReadFlow(ref Span<byte> rows, HeaderPacking packing, HeaderRecord[] packets, out int count)
    {
        count = rows.Length < sizeof(ushort) ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(rows);
        if (count < 1 || count > packets.Length)
        {
            return false;
        }

        rows = rows[sizeof(ushort)..];
        for (var i = 0; i < count; i++)
        {
            if (!packing.TryRead(rows, out packets[i], out var length))
            {
                return false;
            }

            rows = rows[length..];
        }

        return true;
    }
}
