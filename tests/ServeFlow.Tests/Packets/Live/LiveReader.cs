using ServeFlow.Packets;
using ServeFlow.Packets.Live;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Copies what a live source hands over.</summary>
static class LiveReader
{
    /// <summary>Far beyond what any of the tests' links takes to deliver.</summary>
    const int MostEmptyPolls = 500;

    /// <summary>Reads until so many packets came, or long after nothing comes any more.</summary>
    public static List<ReadCapture.Packet> Read(this ILiveSource source, int count)
    {
        var packets = new List<ReadCapture.Packet>();
        var burst = new PacketBurst();
        for (var empty = 0; packets.Count < count && empty < MostEmptyPolls && source.Poll(burst);)
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
