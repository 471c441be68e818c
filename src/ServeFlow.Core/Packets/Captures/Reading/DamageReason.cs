using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures.Reading;

/// <summary>
/// Tells what is wrong with a capture file. Reasons are counted per file; the first places are kept as
/// <see cref="Damage"/>.
/// </summary>
public enum DamageReason
{
    /// <summary>The file ends inside a record.</summary>
    TruncatedRecord,

    /// <summary>A record header with a length that cannot be: longer than the snap length cap.</summary>
    AbsurdLength,

    /// <summary>A pcapng block whose two lengths differ, or whose body is too short for its type.</summary>
    BadBlock,

    /// <summary>A pcapng packet of an interface that was never described; that packet is skipped.</summary>
    UnknownInterface,

    /// <summary>
    /// A fraction of a second beyond one second, or a time outside 1970–2262; the packet is used, nothing is passed
    /// over.
    /// </summary>
    OddTimestamp,

    /// <summary>A section of a pcapng version that is not read, behind one that is.</summary>
    UnsupportedVersion,

    /// <summary>The compressed stream is corrupt or ends early.</summary>
    CorruptCompression,

    /// <summary>The compressed stream expands to more than is allowed: a bomb, or a limit too low.</summary>
    ExpansionLimit,

    /// <summary>The operating system failed to read on.</summary>
    ReadFailed,
}

/// <summary>Puts damage into the words of a message.</summary>
static class DamageText
{
    public static string Text(this DamageReason reason) => SnakeCase.From(reason).Replace('_', ' ');
}
