using System.Buffers.Binary;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Lets a worker serve made-up flows whose records nobody sees, so that the code of the path is compiled before the
/// first real packet: otherwise the first flows of a link would wait a tenth of a second for the compiler.
/// </summary>
public static class WarmUp
{
    /// <summary>Exceeds a batch, so that full batches are scored too.</summary>
    const int Flows = 700;

    const int FrameLength = 74;
    const int EthernetLength = 14;
    const byte Tcp = 6;
    const byte Udp = 17;

    /// <summary>Few packets at a time make small batches, many make full ones.</summary>
    static readonly int[] BurstSizes = [1, 40, 200, PacketBurst.Capacity];

    public static void Run(CascadePlan plan)
    {
        var packets = CreatePackets(plan.Tiers[^1].PacketDepth);
        foreach (var size in BurstSizes)
        {
            using var source = packets.OpenInSteps(size);
            using var sink = new NullSink();
            // Whatever protocols the plan knows, its tiers are to be asked.
            var worker = new Worker(plan with { Protocols = null }, new(), sink);
            worker.Run(source);
            worker.Finish();
        }
    }

    static PacketMemory CreatePackets(int depth)
    {
        var memory = new PacketMemory();
        Span<byte> frame = stackalloc byte[FrameLength];
        for (var packet = 0; packet < depth; packet++)
        {
            for (var flow = 0; flow < Flows; flow++)
            {
                WriteFrame(frame, flow, packet);
                memory.Add(frame, FrameLength, ((packet * (long)Flows) + flow) * 1000, LinkType.Ethernet);
            }
        }

        return memory;
    }

    /// <summary>TCP and UDP in turn, from addresses for documentation (RFC 5737).</summary>
    static void WriteFrame(Span<byte> frame, int flow, int packet)
    {
        frame.Clear();
        frame[12] = 0x08;
        var ip = frame[EthernetLength..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], FrameLength - EthernetLength);
        ip[8] = (byte)(flow * 37);
        ip[9] = flow % 2 == 0 ? Tcp : Udp;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], 0xc000_0201);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], 0xc633_6401);
        var transport = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(transport, (ushort)(1024 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], 443);
        BinaryPrimitives.WriteUInt16BigEndian(transport[4..], FrameLength - EthernetLength - 20);
        transport[12] = 0x50;
        transport[13] = (byte)(packet == 0 ? 2 : 16);
    }
}
