using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Sinks.Files;

/// <summary>
/// The packets of flows that are not decided yet, in a ring of bytes that overwrites its oldest: what a flow's answer
/// may ask for afterwards. Owned by one worker.
/// </summary>
sealed class FlowPackets
{
    const long None = -1;
    static readonly int HeaderLength = Unsafe.SizeOf<Entry>();

    readonly byte[] bytes;
    readonly Dictionary<long, Chain> chains = [];
    readonly List<long> found = [];
    long end;

    /// <param name="capacity">Bytes.</param>
    public FlowPackets(int capacity) => bytes = new byte[capacity];

    /// <summary>Keeps a packet of a flow; one that is longer than the ring counts as overwritten.</summary>
    public void Add(long flow, in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        ref var chain = ref CollectionsMarshal.GetValueRefOrAddDefault(chains, flow, out var exists);
        var previous = exists ? chain.Latest : None;
        chain.Packets++;
        var length = HeaderLength + data.Length;
        if (length > bytes.Length)
        {
            chain.Latest = previous;
            return;
        }

        var place = (int)(end % bytes.Length);
        if (bytes.Length - place < length)
        {
            end += bytes.Length - place;
            place = 0;
        }

        MemoryMarshal.Write(bytes.AsSpan(place), new Entry(previous, packet));
        data.CopyTo(bytes.AsSpan(place + HeaderLength));
        chain.Latest = end;
        end += length;
    }

    /// <summary>Determines whether packets of the flow were kept.</summary>
    public bool Has(long flow) => chains.ContainsKey(flow);

    /// <summary>Forgets a flow whose packets nobody wants.</summary>
    public void Remove(long flow) => chains.Remove(flow);

    /// <summary>Hands a flow's packets over, oldest first, and forgets it; returns how many had been overwritten.
    /// </summary>
    public long Drain(long flow, Receiver receive)
    {
        if (!chains.Remove(flow, out var chain))
        {
            return 0;
        }

        found.Clear();
        for (var at = chain.Latest; at != None && end - at <= bytes.Length;)
        {
            found.Add(at);
            at = Read(at).Previous;
        }

        for (var i = found.Count - 1; i >= 0; i--)
        {
            var packet = Read(found[i]).Packet;
            receive(packet, bytes.AsSpan((int)(found[i] % bytes.Length) + HeaderLength, packet.CapturedLength));
        }

        return chain.Packets - found.Count;
    }

    public delegate void Receiver(in KeptPacket packet, ReadOnlySpan<byte> data);

    Entry Read(long at) => MemoryMarshal.Read<Entry>(bytes.AsSpan((int)(at % bytes.Length)));

    readonly record struct Entry(long Previous, KeptPacket Packet);

    struct Chain
    {
        public long Latest;
        public long Packets;
    }
}
