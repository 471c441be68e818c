namespace ServeFlow.Packets.Live;

/// <summary>
/// Delivers one worker's share of what arrives at the interfaces, both directions of every flow in it.
/// <see cref="PacketSlot.InterfaceIndex"/> is the position in <see cref="Interfaces"/>.
/// <see cref="IPacketSource.Poll"/> waits at most 10 ms and then returns true with an empty burst; it returns false
/// when all interfaces have been gone for two seconds, unless it is to wait for them
/// (<see cref="LiveOptions.WaitsForInterfaces"/>). Packets of several interfaces are in the order of time. One
/// thread polls; any thread may read the counters, also after the end.
/// </summary>
public interface ILiveSource : IPacketSource
{
    /// <summary>Gets the names of the interfaces, in the order in which they were asked for.</summary>
    IReadOnlyList<string> Interfaces { get; }

    /// <summary>Gets the means by which it captures; never <see cref="CaptureBackend.Auto"/>.</summary>
    CaptureBackend Backend { get; }

    /// <summary>Reads what this source counted for an interface.</summary>
    CaptureCounters ReadCounters(int interfaceIndex);

    /// <summary>Counts how often it began to listen to an interface: 0 until that comes, and once more whenever it was
    /// gone and is made anew.</summary>
    long CountOpened(int interfaceIndex);

    /// <summary>Determines whether packets of an interface are taken, should any come.</summary>
    bool IsListening(int interfaceIndex);

    /// <summary>Returns why an interface that came cannot be listened to; null where it is, or where it is
    /// away.</summary>
    string? FindProblem(int interfaceIndex);
}
