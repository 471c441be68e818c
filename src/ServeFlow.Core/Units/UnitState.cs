using System.Runtime.InteropServices;
using ServeFlow.Features;

namespace ServeFlow.Units;

/// <summary>
/// The progress of one unit, a flow or a window of one, whose first packets are being kept. Packed to 20 bytes, so that
/// a worker's state of an undecided flow stays within one cache line.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct UnitState
{
    /// <summary>Flow table's time at the unit's first packet, ns since the Unix epoch.</summary>
    public long FirstNs;

    /// <summary>
    /// Time of its latest kept packet, as the capture gives it; <see cref="FirstNs"/> before the first.
    /// </summary>
    public long PreviousNs;

    /// <summary>Gets the time of its latest kept packet since its first one, in microseconds, saturating.</summary>
    public readonly uint SinceFirstMicroseconds => HeaderRecorder.Microseconds(PreviousNs - FirstNs);

    /// <summary>Holds the number of packets kept so far.</summary>
    public ushort Packets;

    /// <summary>Tells that no further packet is kept, however few there are.</summary>
    public bool IsClosed;
}
