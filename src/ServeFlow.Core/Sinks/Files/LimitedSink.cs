using ServeFlow.Packets.Clocks;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Files;

/// <summary>Tells why a record was left out of a bounded output.</summary>
public enum LeftOutReason
{
    /// <summary>The record is one of many flows of a single packet, in a flood of these.</summary>
    OnePacket,

    /// <summary>The second of packet time had its records.</summary>
    Rate,

    /// <summary>The output had its bytes.</summary>
    Bytes,

    /// <summary>The output has no records of this event.</summary>
    Event,

    /// <summary>The output has no records of this label.</summary>
    Label,

    /// <summary>The answer is less confident than the output asks for.</summary>
    Confidence,
}

/// <summary>Says how an output is bounded; null where it is not.</summary>
public sealed record RecordLimits
{
    /// <summary>Gets the number of records in a second of packet time.</summary>
    public long? PerSecond { get; init; }

    /// <summary>Gets the size of the output, in bytes; a file that is reopened may have as many again.</summary>
    public long? Bytes { get; init; }

    /// <summary>
    /// Gets the sampling of one-packet flows in a flood: N writes the records of one flow in N; null writes all.
    /// </summary>
    public int? OnePacketSample { get; init; }

    /// <summary>Gets the records that are wanted at all; null for all of them.</summary>
    public RecordChoice? Choice { get; init; }

    /// <summary>Gets whether there is any bound.</summary>
    public bool IsGiven => (PerSecond ?? Bytes ?? OnePacketSample) is not null || Choice is not null;
}

/// <summary>
/// Bounds what another sink writes. What is left out is counted, so that records handed over are those written and
/// those left out. A second is one of packet time; records that are older than others count into the latest second.
/// </summary>
/// <param name="sink">Belongs to this one from then on.</param>
/// <param name="limits">The bounds, until others are given.</param>
public sealed class LimitedSink(IRecordSink sink, RecordLimits limits) : IRecordSink, IReopenable
{
    /// <summary>Specifies the number of records of one-packet flows in a second from which on it is a flood.</summary>
    const int FloodRecords = 1000;

    /// <summary>Exceeds any record: the last one must not pass the bound.</summary>
    const int RecordBytes = 4096;

    const long Second = 1_000_000_000;

    readonly FlowRecord[] chosen = new FlowRecord[sink.Lookahead];
    RecordLimits limits = limits;
    long second = long.MinValue;
    long written;
    long ofOnePacket;

    /// <summary>Gets the records that were left out, by reason.</summary>
    public Tally<LeftOutReason> LeftOut { get; } = new();

    /// <summary>Gets whether there is a bound, or was one that left something out.</summary>
    public bool IsBounded => Volatile.Read(ref limits).IsGiven || LeftOut.Total > 0;

    public bool WantsPredictions => sink.WantsPredictions;

    public bool WantsEnds => sink.WantsEnds;

    public long Pending => sink.Pending;

    public long Bytes => sink.Bytes;

    /// <summary>Gets the sink behind a bound, or the sink itself where it has none.</summary>
    public static IRecordSink Unwrap(IRecordSink from) => from is LimitedSink limited ? limited.Inner : from;

    public int Lookahead => sink.Lookahead;

    IRecordSink Inner => sink;

    /// <summary>Bounds the records that come from now on by other limits. From any thread.</summary>
    public void Use(RecordLimits other) => Volatile.Write(ref limits, other);

    public void BeginCapture(string name)
    {
        second = long.MinValue;
        sink.BeginCapture(name);
    }

    public void Write(in FlowRecord record)
    {
        if (Takes(record, Volatile.Read(ref limits), 0))
        {
            sink.Write(record);
        }
    }

    public void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        var current = Volatile.Read(ref limits);
        if (!current.IsGiven)
        {
            sink.WriteMany(records);
            return;
        }

        var count = 0;
        foreach (ref readonly var record in records)
        {
            if (Takes(record, current, count))
            {
                chosen[count++] = record;
            }
        }

        sink.WriteMany(chosen.AsSpan(0, count));
    }

    public void WriteNote(ReadOnlySpan<byte> line) => sink.WriteNote(line);

    public void Flush() => sink.Flush();

    public void Reopen() => (sink as IReopenable)?.Reopen();

    public void Dispose() => sink.Dispose();

    /// <summary>Determines whether the record is to be written, and counts it if not.</summary>
    /// <param name="waiting">Records that are to be written before it, and are not yet.</param>
    bool Takes(in FlowRecord record, RecordLimits current, int waiting)
    {
        if (record.Kind == RecordKind.Prediction ? !WantsPredictions : !WantsEnds)
        {
            return false;
        }

        if ((FindUnwanted(record, current.Choice) ?? FindReason(record, current, waiting)) is { } reason)
        {
            LeftOut.Count(reason);
            return false;
        }

        written++;
        return true;
    }

    static LeftOutReason? FindUnwanted(in FlowRecord record, RecordChoice? choice) => choice is null ? null
        : !choice.HasEvent(record) ? LeftOutReason.Event
        : !choice.HasLabel(record) ? LeftOutReason.Label
        : !choice.IsSureEnough(record) ? LeftOutReason.Confidence : null;

    LeftOutReason? FindReason(in FlowRecord record, RecordLimits current, int waiting)
    {
        if (BeginsSecond(record.TimestampNs / Second))
        {
            (second, written, ofOnePacket) = (record.TimestampNs / Second, 0, 0);
        }

        var sample = (ulong)(current.OnePacketSample ?? 1);
        if (sample > 1 && (long)record.Flow.PacketsForward + record.Flow.PacketsBackward == 1
            && ++ofOnePacket > FloodRecords && Hash(record) % sample != 0)
        {
            return LeftOutReason.OnePacket;
        }

        var maxBytes = (current.Bytes ?? long.MaxValue) - ((waiting + 1) * RecordBytes);
        return written >= (current.PerSecond ?? long.MaxValue) ? LeftOutReason.Rate
            : sink.Bytes > maxBytes && sink.MeasureBytes() > maxBytes ? LeftOutReason.Bytes
            : null;
    }

    /// <summary>
    /// A record that is a little older counts into the latest second: the records of several workers come in turns.
    /// One that is older by a step of the clock begins a new time; otherwise nothing would be written until the old
    /// time came again.
    /// </summary>
    bool BeginsSecond(long ofRecord) => ofRecord > second || second - ofRecord >= PacketClock.MinStepNs / Second;

    /// <summary>The same for all records of a flow, in every run (SplitMix64's finaliser).</summary>
    static ulong Hash(in FlowRecord record)
    {
        ref readonly var key = ref record.Flow.Key;
        var word = key.LowAddress.Low ^ (key.HighAddress.Low << 17) ^ key.LowAddress.High ^ (key.HighAddress.High << 7)
            ^ ((ulong)key.LowPort << 48) ^ ((ulong)key.HighPort << 32) ^ (ulong)record.Flow.FirstNs;
        word = (word ^ (word >> 30)) * 0xbf58_476d_1ce4_e5b9;
        word = (word ^ (word >> 27)) * 0x94d0_49bb_1331_11eb;
        return word ^ (word >> 31);
    }
}
