using System.Numerics;
using ServeFlow.Features;

namespace ServeFlow.Tests.Features;

/// <summary>The slow obvious way to a column's value: by its name, walking the header bit by bit.</summary>
static class ReferenceExtractor
{
    static readonly (string Prefix, int Offset, int Length)[] Headers =
        [("ipv4_", 0, 60), ("ipv6_", 60, 40), ("tcp_", 100, 60), ("udp_", 160, 8), ("icmp_", 168, 8)];

    /// <summary>nPrint's fields and widths in wire order, written down a second time on purpose.</summary>
    const string Widths =
        "ipv4_ver 4 ipv4_hl 4 ipv4_tos 8 ipv4_tl 16 ipv4_id 16 ipv4_rbit 1 ipv4_dfbit 1 ipv4_mfbit 1 ipv4_foff 13 "
        + "ipv4_ttl 8 ipv4_proto 8 ipv4_cksum 16 ipv4_src 32 ipv4_dst 32 ipv4_opt 320 "
        + "ipv6_ver 4 ipv6_tc 8 ipv6_fl 20 ipv6_len 16 ipv6_nh 8 ipv6_hl 8 ipv6_src 128 ipv6_dst 128 "
        + "tcp_sprt 16 tcp_dprt 16 tcp_seq 32 tcp_ackn 32 tcp_doff 4 tcp_res 3 tcp_ns 1 tcp_cwr 1 tcp_ece 1 "
        + "tcp_urg 1 tcp_ackf 1 tcp_psh 1 tcp_rst 1 tcp_syn 1 tcp_fin 1 tcp_wsize 16 tcp_cksum 16 tcp_urp 16 "
        + "tcp_opt 320 udp_sport 16 udp_dport 16 udp_len 16 udp_cksum 16 "
        + "icmp_type 8 icmp_code 8 icmp_cksum 16 icmp_roh 32";

    static readonly Dictionary<string, (int Header, int Bit)> BitPositions = BuildPlaces();

    /// <summary>Every column name of an unmasked schema with all headers, in order.</summary>
    public static IEnumerable<string> AllBitNames => BitPositions.Keys;

    public static float Value(ReadOnlySpan<HeaderRecord> packets, string columnName, bool hideTimestamps)
    {
        var end = columnName.IndexOf('_');
        var packet = int.Parse(columnName[1..end]) - 1;
        var name = columnName[(end + 1)..];
        return name.StartsWith("burst_") ? Burst([.. packets[..Math.Min(packet + 1, packets.Length)]], name[6..])
            : name.StartsWith("agg_") ? Aggregate([.. packets[..Math.Min(packet + 1, packets.Length)]], name[4..])
            : packet >= packets.Length ? -1 : Value(packets[packet], name, hideTimestamps);
    }

    /// <summary>By the definition, over the packets in any order.</summary>
    static float Aggregate(HeaderRecord[] packets, string name)
    {
        var backward = name.EndsWith("_backward") ? 1 : 0;
        ulong[] gaps = [.. packets.Skip(1).Select(packet => (ulong)packet.InterArrivalMicroseconds).Reverse()];
        ulong[] sizes = [.. packets.Where(packet => packet.Direction == backward).Select(packet => (ulong)packet.Size)];
        var (values, bytes, time) = (name.StartsWith("iat") ? gaps : sizes, Sum(sizes), Sum(gaps));
        return name.Split('_') switch
        {
            ["packets", "per", ..] => time == 0 ? -1 : (float)(packets.Length * 1e6 / time),
            ["bytes", "per", ..] => time == 0 ? -1 : (float)(bytes * 1e6 / time),
            _ when packets.Length == 0 => -1,
            ["packets", _] => sizes.Length,
            ["bytes", _] => bytes,
            ["duration", _] => time,
            [_, var figure, _] => Figure(figure, values),
            _ => throw new ArgumentException(name),
        };
    }

    /// <summary>By the definition: packets are divided where a gap is longer than a tenth of a second.</summary>
    static float Burst(HeaderRecord[] packets, string name)
    {
        if (packets.Length == 0)
        {
            return -1;
        }

        bool Begins(HeaderRecord packet) => packet.InterArrivalMicroseconds > 100_000;
        ulong[] idle = [.. packets.Skip(1).Where(Begins).Select(packet => (ulong)packet.InterArrivalMicroseconds)];
        int[] starts = [0, .. Enumerable.Range(1, packets.Length - 1).Where(i => Begins(packets[i])), packets.Length];
        var bursts = starts[..^1].Zip(starts[1..], (from, to) => packets[from..to]).ToArray();
        return name.Split('_') switch
        {
            ["count"] => bursts.Length,
            ["bytes", var figure, var side] => Figure(figure, [.. bursts.Select(burst => Sum([.. burst
                .Where(packet => packet.Direction == (side == "backward" ? 1 : 0)).Select(p => (ulong)p.Size)]))]),
            ["active", var figure, "us"] => Figure(figure, [.. bursts.Select(burst =>
                Sum([.. burst.Skip(1).Select(packet => (ulong)packet.InterArrivalMicroseconds)]))]),
            ["idle", var figure, "us"] => Figure(figure, idle),
            _ => throw new ArgumentException(name),
        };
    }

    static float Figure(string name, ulong[] values) => name switch
    {
        _ when values.Length == 0 => -1,
        "mean" => (float)((double)Sum(values) / values.Length),
        "min" => values.Min(),
        "max" => values.Max(),
        "dev" => Deviation(values),
        _ => throw new ArgumentException(name),
    };

    static ulong Sum(ulong[] values) => values.Aggregate(0UL, (sum, value) => sum + value);

    static float Deviation(ulong[] values)
    {
        var (count, sum) = ((BigInteger)values.Length, (BigInteger)Sum(values));
        var squares = values.Aggregate(BigInteger.Zero, (total, value) => total + ((BigInteger)value * value));
        return (float)(Math.Sqrt((double)((count * squares) - (sum * sum))) / values.Length);
    }

    static float Value(HeaderRecord record, string name, bool hideTimestamps)
    {
        switch (name)
        {
            case "dir": return record.Direction;
            case "size": return record.Size;
            case "iat_us": return record.InterArrivalMicroseconds;
        }

        var (header, bit) = BitPositions[name];
        int[] lengths =
            [record.Ipv4Length, record.Ipv6Length, record.TcpLength, record.UdpLength, record.IcmpLength];
        var bytes = ((ReadOnlySpan<byte>)record.Bits).Slice(Headers[header].Offset, lengths[header]).ToArray();
        if (hideTimestamps && header == 2)
        {
            ZeroTimestamps(bytes);
        }

        return bit / 8 < bytes.Length ? (bytes[bit / 8] >> (7 - (bit % 8))) & 1 : -1;
    }

    static void ZeroTimestamps(byte[] tcp)
    {
        for (var at = 20; at < tcp.Length && tcp[at] != 0;)
        {
            if (tcp[at] == 8)
            {
                tcp.AsSpan(Math.Min(at + 2, tcp.Length)..Math.Min(at + 10, tcp.Length)).Clear();
                return;
            }

            var length = tcp[at] == 1 ? 1 : at + 1 < tcp.Length ? tcp[at + 1] : 0;
            if (length == 0 || (length == 1 && tcp[at] != 1))
            {
                return;
            }

            at += length;
        }
    }

    static Dictionary<string, (int Header, int Bit)> BuildPlaces()
    {
        var places = new Dictionary<string, (int, int)>();
        var words = Widths.Split(' ');
        var next = new int[Headers.Length];
        for (var i = 0; i < words.Length; i += 2)
        {
            var header = Array.FindIndex(Headers, h => words[i].StartsWith(h.Prefix));
            for (var bit = 0; bit < int.Parse(words[i + 1]); bit++)
            {
                places.Add($"{words[i]}_{bit}", (header, next[header]++));
            }
        }

        return places;
    }
}
