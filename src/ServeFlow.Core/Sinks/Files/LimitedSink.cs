using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Files;

/// <summary>Tells why a record was left out of a bounded output.</summary>
public enum LeftOutReason
{
    /// <summary>One of many flows of a single packet, in a flood of these.</summary>
    OnePacket,

    /// <summary>The second of packet time had its records.</summary>
    Rate,

    /// <summary>The output had its bytes.</summary>
    Bytes,
}

/// <summary>Says how an output is bounded; null where it is not.</summary>
public sealed record RecordLimits
{
    /// <summary>Records in a second of packet time.</summary>
    public long? PerSecond { get; init; }

    /// <summary>Size of the output, in bytes; a file that is reopened may have as many again.</summary>
    public long? Bytes { get; init; }

    /// <summary>
    /// Gets the sampling of one-packet flows in a flood: N writes the records of one flow in N; null writes all.
    /// </summary>
    public int? OnePacketSample { get; init; }

    /// <summary>Gets whether there is any bound.</summary>
    public bool IsGiven => (PerSecond ?? Bytes ?? OnePacketSample) is not null;
}

/// <summary>
/// Bounds what another sink writes. What is left out is counted, so that records handed over are those written and
/// those left out. A second is one of packet time; records that are older than others count into the latest second.
/// </summary>
public sealed class LimitedSink(IRecordSink sink, RecordLimits limits) : IRecordSink, IReopenable
{
    /// <summary>Records of one-packet flows in a second from which on it is a flood.</summary>
    const int FloodRecords = 1000;

    /// <summary>Exceeds any record: the last one must not pass the bound.</summary>
    const int RecordBytes = 4096;

    const long Second = 1_000_000_000;

    readonly long perSecond = limits.PerSecond ?? long.MaxValue;
    readonly long mostBytes = (limits.Bytes ?? long.MaxValue) - RecordBytes;
    readonly ulong sample = (ulong)(limits.OnePacketSample ?? 1);
    long second = long.MinValue;
    long written;
    long ofOnePacket;

    /// <summary>Records that were left out, by reason.</summary>
    public Tally<LeftOutReason> LeftOut { get; } = new();

    public bool WantsPredictions => sink.WantsPredictions;

    public bool WantsEnds => sink.WantsEnds;

    public long Pending => sink.Pending;

    public long Bytes => sink.Bytes;

    /// <summary>Gets the sink behind a bound, or the sink itself where it has none.</summary>
    public static IRecordSink Unwrap(IRecordSink from) => from is LimitedSink limited ? limited.Inner : from;

    IRecordSink Inner => sink;

    public void BeginCapture(string name)
    {
        second = long.MinValue;
        sink.BeginCapture(name);
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind == RecordKind.Prediction ? !WantsPredictions : !WantsEnds)
        {
            return;
        }

        if (FindReason(record) is { } reason)
        {
            LeftOut.Count(reason);
            return;
        }

        written++;
        sink.Write(record);
    }

    public void Flush() => sink.Flush();

    public void Reopen() => (sink as IReopenable)?.Reopen();

    public void Dispose() => sink.Dispose();

    LeftOutReason? FindReason(in FlowRecord record)
    {
        if (record.TimestampNs / Second > second)
        {
            (second, written, ofOnePacket) = (record.TimestampNs / Second, 0, 0);
        }

        if (sample > 1 && record.Flow.PacketsForward + record.Flow.PacketsBackward == 1
            && ++ofOnePacket > FloodRecords && Hash(record) % sample != 0)
        {
            return LeftOutReason.OnePacket;
        }

        return written >= perSecond ? LeftOutReason.Rate
            : sink.Bytes > mostBytes && sink.MeasureBytes() > mostBytes ? LeftOutReason.Bytes
            : null;
    }

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
