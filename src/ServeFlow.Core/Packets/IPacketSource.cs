namespace ServeFlow.Packets;

/// <summary>
/// Delivers packets from a capture file, a directory of them, standard input, or a network interface.
/// </summary>
public interface IPacketSource : IDisposable
{
    /// <summary>
    /// Clears <paramref name="burst"/> and fills it with what is there. The packets that the previous call handed
    /// over are no longer valid. Returns false when the source has ended and the burst stayed empty.
    /// </summary>
    bool Poll(PacketBurst burst);

    /// <summary>
    /// Gets whether the next <see cref="Poll"/> will not wait because packets are there already. Batches may then go on
    /// filling, since nobody waits longer for it.
    /// </summary>
    bool HasBacklog => false;

    /// <summary>
    /// Gets how full the source's buffer is, from 0 to 1: a ring's occupancy, a paced replay's lag. Near 1 packets are
    /// about to be lost. 0 where a source can wait.
    /// </summary>
    double Pressure => 0;
}
