using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Captures;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Copies what a live source hands over.</summary>
static class LiveReader
{
    /// <summary>Reads until so many packets came, or so many polls in a row, of 10 ms each, gave none.</summary>
    public static List<ReadCapture.Packet> Read(this ILiveSource source, int count, int emptyPolls = 500)
    {
        var packets = new List<ReadCapture.Packet>();
        var burst = new PacketBurst();
        for (var empty = 0; packets.Count < count && empty < emptyPolls && source.Poll(burst);)
        {
            empty = burst.Count == 0 ? empty + 1 : 0;
            foreach (ref readonly var slot in burst.Packets)
            {
                packets.Add(ReadCapture.Copy(slot));
            }
        }

        return packets;
    }
}
