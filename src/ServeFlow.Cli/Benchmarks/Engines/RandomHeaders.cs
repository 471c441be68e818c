using ServeFlow.Features;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>
/// Draws header records whose bits are set as unevenly as those of real headers: most are nearly constant, some are
/// coin tosses. Bits are drawn independently of each other.
/// </summary>
sealed class RandomHeaders
{
    readonly Random random;
    readonly byte[] densities = new byte[HeaderRecord.BitsLength * 8];
    readonly bool complete;

    /// <param name="complete">Every IPv4, TCP and UDP byte is there, so that no column is absent: rows are binary.
    /// Otherwise headers come and go as in traffic.</param>
    public RandomHeaders(int seed, bool complete)
    {
        this.complete = complete;
        random = new Random(seed);
        foreach (ref var density in densities.AsSpan())
        {
            density = random.Next(10) switch
            {
                < 4 => (byte)(random.Next(2) == 0 ? 5 : 250), // 2 %, 98 %: versions, lengths, high bits
                < 7 => (byte)random.Next(25, 230), // flags, TTLs, windows
                _ => 128, // what looks random: low bits, ports
            };
        }
    }

    /// <returns>The packets of each flow.</returns>
    public IReadOnlyList<HeaderRecord[]> Draw(int count, int depth, CancellationToken cancel)
    {
        var flows = new HeaderRecord[count][];
        foreach (ref var flow in flows.AsSpan())
        {
            cancel.ThrowIfCancellationRequested();
            flow = new HeaderRecord[depth];
            for (var packet = 0; packet < depth; packet++)
            {
                Draw(ref flow[packet], packet);
            }
        }

        return flows;
    }

    void Draw(ref HeaderRecord record, int packet)
    {
        SetLengths(ref record);
        record.Direction = packet == 0 ? (byte)0 : (byte)random.Next(2);
        record.Size = (ushort)random.Next(40, 1500);
        record.InterArrivalMicroseconds = packet == 0 ? 0 : (uint)Math.Exp(random.NextDouble() * 16);
        Span<byte> bits = record.Bits;
        Fill(bits, HeaderRecord.Ipv4Offset, record.Ipv4Length);
        Fill(bits, HeaderRecord.Ipv6Offset, record.Ipv6Length);
        Fill(bits, HeaderRecord.TcpOffset, record.TcpLength);
        Fill(bits, HeaderRecord.UdpOffset, record.UdpLength);
        Fill(bits, HeaderRecord.IcmpOffset, record.IcmpLength);
    }

    void SetLengths(ref HeaderRecord record)
    {
        if (complete)
        {
            (record.Ipv4Length, record.TcpLength, record.UdpLength) = (60, 60, 8);
            return;
        }

        var isIpv6 = random.Next(8) == 0;
        (record.Ipv4Length, record.Ipv6Length) = isIpv6 ? ((byte)0, (byte)40) : ((byte)20, (byte)0);
        (record.TcpLength, record.UdpLength, record.IcmpLength) = random.Next(20) switch
        {
            < 11 => ((byte)(20 + (4 * random.Next(6))), (byte)0, (byte)0),
            < 19 => ((byte)0, (byte)8, (byte)0),
            _ => ((byte)0, (byte)0, (byte)8),
        };
    }

    void Fill(Span<byte> bits, int offset, int length)
    {
        for (var at = offset; at < offset + length; at++)
        {
            var value = 0;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value << 1) | (random.Next(256) < densities[(at * 8) + bit] ? 1 : 0);
            }

            bits[at] = (byte)value;
        }
    }
}
