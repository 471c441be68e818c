using System.Runtime.CompilerServices;
using ServeFlow.Packets;

namespace ServeFlow.Tests.Packets.Clocks;

/// <summary>
/// Packets with given times whose bytes are their numbers, unless they are empty. As of a real source, bytes are gone
/// at the next poll.
/// </summary>
sealed unsafe class VolatileSource(
    IReadOnlyList<long> timesNs, int burstSize, bool pauses = false, bool isEmpty = false) : IPacketSource
{
    readonly byte[] bytes = GC.AllocateArray<byte>(PacketBurst.Capacity * sizeof(int), pinned: true);
    int next;
    bool isPause;

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        Array.Clear(bytes);
        isPause = pauses && !isPause;
        if (isPause)
        {
            return true;
        }

        for (; next < timesNs.Count && burst.Count < burstSize; next++)
        {
            var at = burst.Count * sizeof(int);
            Unsafe.WriteUnaligned(ref bytes[at], next);
            var length = isEmpty ? 0 : sizeof(int);
            burst.Add(new((byte*)Unsafe.AsPointer(ref bytes[at]), length, length, timesNs[next],
                LinkType.Ethernet, 0, next + 1));
        }

        return burst.Count > 0;
    }

    public void Dispose()
    {
    }
}
