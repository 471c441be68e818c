using ServeFlow.Features;

namespace ServeFlow.Training.Datasets;

/// <summary>Header records of many flows in chunks, so that no array outgrows the runtime's limit. A flow's records
/// never straddle two chunks.</summary>
/// <param name="maxBytes">What the records may take, about.</param>
public sealed class HeaderStore(long maxBytes = long.MaxValue)
{
    /// <summary>12 MiB a chunk: large enough to be few, small enough to waste little.</summary>
    const int ChunkRecords = 1 << 16;

    readonly List<HeaderRecord[]> chunks = [];
    int used = ChunkRecords;

    /// <summary>Appends a flow's records; returns the place of the first.</summary>
    /// <exception cref="HeaderStoreFullException">There is no room for them.</exception>
    public long Add(ReadOnlySpan<HeaderRecord> records)
    {
        if (used + records.Length > ChunkRecords)
        {
            if ((long)chunks.Count * ChunkRecords * HeaderRecord.RecordLength >= maxBytes)
            {
                throw new HeaderStoreFullException();
            }

            chunks.Add(new HeaderRecord[ChunkRecords]);
            used = 0;
        }

        records.CopyTo(chunks[^1].AsSpan(used));
        var place = ((long)(chunks.Count - 1) * ChunkRecords) + used;
        used += records.Length;
        return place;
    }

    public ReadOnlySpan<HeaderRecord> Packets(long first, int count) =>
        chunks[(int)(first / ChunkRecords)].AsSpan((int)(first % ChunkRecords), count);
}

/// <summary>Says that more headers were to be kept than there is room for.</summary>
sealed class HeaderStoreFullException : Exception;
