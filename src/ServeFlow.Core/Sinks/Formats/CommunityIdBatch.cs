using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using ServeFlow.Flows;
using ServeFlow.Flows.CommunityIds;

namespace ServeFlow.Sinks.Formats;

/// <summary>Community IDs of several records at once, since hashing eight costs little more than hashing one.</summary>
sealed class CommunityIdBatch(ushort seed)
{
    public const int Capacity = Sha1Lanes.Lanes;

    /// <summary>Fewer records are hashed one by one.</summary>
    const int MinBatch = 3;

    readonly byte[] texts = new byte[Capacity * CommunityId.Length];
    readonly uint[] blocks = new uint[Sha1Lanes.BlockWords * Capacity];
    readonly uint[] hashes = new uint[Sha1Lanes.HashWords * Capacity];

    /// <summary>Gets the identifier of the i-th record of the latest <see cref="Compute"/>.</summary>
    public ReadOnlySpan<byte> this[int i] => texts.AsSpan(i * CommunityId.Length, CommunityId.Length);

    /// <param name="records">The records, at most <see cref="Capacity"/>.</param>
    public void Compute(ReadOnlySpan<FlowRecord> records)
    {
        if (records.Length < MinBatch || !Vector256.IsHardwareAccelerated)
        {
            for (var i = 0; i < records.Length; i++)
            {
                CommunityId.TryFormat(records[i].Flow.Key, seed, Text(i));
            }

            return;
        }

        for (var i = 0; i < records.Length; i++)
        {
            Load(i, records[i].Flow.Key);
        }

        Sha1Lanes.Hash(blocks, hashes);
        for (var i = 0; i < records.Length; i++)
        {
            Store(i);
        }
    }

    Span<byte> Text(int i) => texts.AsSpan(i * CommunityId.Length, CommunityId.Length);

    void Load(int lane, in FlowKey key)
    {
        Span<byte> block = stackalloc byte[Sha1Block.BlockLength];
        block.Clear();
        Sha1Block.Pad(block, CommunityId.WriteInput(key, seed, block));
        for (var t = 0; t < Sha1Lanes.BlockWords; t++)
        {
            blocks[(t * Capacity) + lane] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }
    }

    void Store(int lane)
    {
        Span<byte> hash = stackalloc byte[Sha1Block.HashLength];
        for (var t = 0; t < Sha1Lanes.HashWords; t++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * t)..], hashes[(t * Capacity) + lane]);
        }

        CommunityId.WriteBase64(hash, Text(lane));
    }
}
