namespace ServeFlow.Sinks;

/// <summary>
/// Takes records. Owned by one thread; called in the order in which things happened on the wire. Where a medium fails,
/// <see cref="Write"/> and <see cref="Flush"/> throw an <see cref="IOException"/> with every record that was handed
/// over kept: a later <see cref="Flush"/> tries again, and no record is written twice or in part.
/// </summary>
public interface IRecordSink : IDisposable
{
    /// <summary>Gets whether predictions are records here, not only ends of flows.</summary>
    bool WantsPredictions => true;

    /// <summary>Gets whether ends of flows are records here, not only predictions.</summary>
    bool WantsEnds => true;

    /// <summary>Gets the number of records that were handed over and have not reached the medium.</summary>
    long Pending => 0;

    /// <summary>Gets the number of bytes that the output has, those on their way included; 0 where a sink does not
    /// know.</summary>
    long Bytes => 0;

    /// <summary>
    /// Finds out the bytes where <see cref="Bytes"/> is only a bound, which may take as long as writing them. Never
    /// fails.
    /// </summary>
    long MeasureBytes() => Bytes;

    /// <summary>Gets the most records that <see cref="WriteMany"/> takes at once.</summary>
    int Lookahead => 1;

    /// <summary>
    /// The records that follow come from this capture (a file name; interfaces have their own field).
    /// </summary>
    void BeginCapture(string name);

    void Write(in FlowRecord record);

    /// <summary>
    /// Takes several records, at most <see cref="Lookahead"/>; where it throws, it has taken them all.
    /// </summary>
    void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            Write(record);
        }
    }

    /// <summary>
    /// Takes a line about the sensor that is no record of a flow, where the output has any. It is not counted.
    /// </summary>
    /// <param name="line">A line of EVE, its end included.</param>
    void WriteNote(ReadOnlySpan<byte> line)
    {
    }

    /// <summary>Hands on what is buffered.</summary>
    void Flush();
}
