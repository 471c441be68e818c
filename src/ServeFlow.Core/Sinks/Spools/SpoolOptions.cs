namespace ServeFlow.Sinks.Spools;

/// <summary>Says where a spool is and how large it may become.</summary>
/// <param name="Folder">The folder, which is made where it does not exist.</param>
public sealed record SpoolOptions(string Folder)
{
    /// <summary>Specifies the least that <see cref="MaxBytes"/> may be: some segments of a useful size.</summary>
    public const long MinBytes = 4 << 20;

    /// <summary>Keeps what is lost, where the oldest segment is dropped, small against the whole.</summary>
    const int MinSegments = 8;

    const long MaxSegmentBytes = 64 << 20;

    /// <summary>Lasts 13 seconds at 20,000 records a second: a busy disk may take seconds for a group.</summary>
    const long MaxMemoryBytes = 256 << 20;

    const int MemoryShare = 4;

    /// <summary>Gets the most bytes of all segments together.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Gets the bytes at which the next segment is begun.</summary>
    public long SegmentBytes => Math.Min(MaxSegmentBytes, MaxBytes / MinSegments);

    /// <summary>Gets the bytes in memory beyond which whoever appends waits for the disk.</summary>
    public long MemoryBytes => Math.Min(MaxMemoryBytes, MaxBytes / MemoryShare);
}

/// <summary>
/// Counts what became of the records of a spool since it was opened. At any time those that were found and spooled are
/// those delivered, dropped, damaged and waiting.
/// </summary>
/// <param name="Found">Records that earlier runs left to be delivered.</param>
/// <param name="Spooled">Records that reached the disk.</param>
/// <param name="Delivered">Records that the receiver has.</param>
/// <param name="Dropped">Records that the bound on bytes dropped, the oldest first.</param>
/// <param name="Damaged">Records that could not be read back.</param>
/// <param name="Bytes">Bytes of all segments.</param>
/// <param name="CutBytes">Bytes that a killed run left half written, and that were cut off.</param>
public sealed record SpoolStatistics(long Found, long Spooled, long Delivered, long Dropped, long Damaged, long Bytes,
    long CutBytes)
{
    /// <summary>Gets the records that are still to be delivered.</summary>
    public long Waiting => Found + Spooled - Delivered - Dropped - Damaged;

    /// <summary>Gets those of them that were sent, and that the receiver is not known to have.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>Gets the most bytes that the segments may have.</summary>
    public long MaxBytes { get; init; }
}
