using ServeFlow.Cascade;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Puts records into a spool as lines of EVE. A record counts as written when it is on the disk; nothing waits for that
/// but the end, and a replay at full speed. Does not close the spool.
/// </summary>
public sealed class SpoolSink : IRecordSink, IReopenable
{
    readonly Spool spool;
    readonly IRecordSink lines;
    readonly bool waits;
    readonly long before;

    /// <summary>Holds the sequence numbers of notes that are not known to be on the disk.</summary>
    readonly Queue<long> pendingNotes = [];

    long bytesBefore;
    long handed;

    /// <summary>Notes that are on the disk.</summary>
    long notes;

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
        lines = RecordFormat.CreateSink(RecordFormat.Eve, new SpoolStream(spool, waitsForRoom), plan, options);
        before = spool.Committed;
    }

    public bool WantsPredictions { get; }

    /// <summary>Gets the records that are not on the disk; notes are not counted.</summary>
    public long Pending
    {
        get
        {
            var committed = spool.Committed;
            while (pendingNotes.TryPeek(out var note) && note < committed)
            {
                pendingNotes.Dequeue();
                notes++;
            }

            return Math.Max(0, handed - (committed - before - notes));
        }
    }

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
        pendingNotes.Enqueue(before + handed + notes + pendingNotes.Count);
        lines.WriteNote(line);
        lines.Flush();
    }

    public void Flush() => lines.Flush();

    public void Reopen() => bytesBefore = lines.Bytes;

    public void Dispose()
    {
        lines.Flush();
        spool.Commit();
    }
}
