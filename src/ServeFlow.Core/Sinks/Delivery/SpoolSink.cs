using ServeFlow.Cascade;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Puts records into a spool as lines of EVE. A record counts as written when it is on the disk. Does not close the
/// spool.
/// </summary>
public sealed class SpoolSink : IRecordSink, IReopenable
{
    readonly Spool spool;
    readonly IRecordSink lines;
    readonly bool waits;
    readonly long before;
    long bytesBefore;
    long handed;
    long notes;
    long pendingNotes;

    /// <param name="spool">The spool.</param>
    /// <param name="plan">The plan that answers first.</param>
    /// <param name="options">What is asked of records.</param>
    /// <param name="waitsForRoom">Whether a full spool holds the caller up instead of dropping its oldest records.
    /// </param>
    /// <param name="wantsPredictions">Whether predictions are delivered, not only ends of flows.</param>
    public SpoolSink(Spool spool, CascadePlan plan, SinkOptions options, bool waitsForRoom = false,
        bool wantsPredictions = true)
    {
        WantsPredictions = wantsPredictions;
        this.spool = spool;
        waits = waitsForRoom;
        lines = RecordFormat.CreateSink(RecordFormat.Eve, new SpoolStream(spool), plan, options);
        before = spool.Statistics.Spooled;
    }

    public bool WantsPredictions { get; }

    /// <summary>Gets the records that are not on the disk; notes are not counted.</summary>
    public long Pending => Math.Max(0, handed - (spool.Statistics.Spooled - before - notes));

    public long Bytes => lines.Bytes - bytesBefore;

    public int Lookahead => lines.Lookahead;

    public void BeginCapture(string name) => lines.BeginCapture(name);

    public void Write(in FlowRecord record) => WriteMany(new(in record));

    public void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        if (waits)
        {
            spool.WaitForRoom();
        }

        handed += records.Length;
        lines.WriteMany(records);
    }

    public void WriteNote(ReadOnlySpan<byte> line)
    {
        pendingNotes++;
        lines.WriteNote(line);
        Flush();
    }

    public void Flush()
    {
        lines.Flush();
        (notes, pendingNotes) = (notes + pendingNotes, 0);
    }

    public void Reopen() => bytesBefore = lines.Bytes;

    public void Dispose() => Flush();
}
