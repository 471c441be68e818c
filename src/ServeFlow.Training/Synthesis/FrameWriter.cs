using System.Buffers.Binary;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Writes one packet of a conversation as an Ethernet frame, checksums included. Payload beyond the snap length is
/// taken to be zero, so that the checksums can be verified from the captured bytes alone.
/// </summary>
sealed class FrameWriter(SeededRandom payloads)
{
    /// <summary>Specifies the number of bytes kept of a frame: all headers and the beginning of the payload.</summary>
    public const int SnapLength = 128;

    const int EthernetLength = 14;
    const byte Tcp = 6;
    const byte Udp = 17;

    readonly byte[] frame = new byte[SnapLength];

    /// <summary>Gets the captured bytes of the frame that was written last.</summary>
    public ReadOnlySpan<byte> Captured => frame.AsSpan(0, Math.Min(Length, SnapLength));

    /// <summary>Gets or sets its length on the wire.</summary>
    public int Length { get; set; }

    public void Write(Conversation flow, in Step step)
    {
        Array.Clear(frame);
        var (from, to) = step.Backward ? (flow.Server, flow.Client) : (flow.Client, flow.Server);
        var isIpv4 = from.Address.IsIpv4;
        WriteEthernet(isIpv4, step.Backward);
        var transport = EthernetLength + (isIpv4 ? 20 : 40);
        var header = flow.IsTcp ? WriteTcp(transport, flow, from, to, step) : WriteUdp(transport, from, to, step);
        Length = transport + header + step.Payload;
        PayloadWriter.Write(frame.AsSpan(transport + header, Math.Min(step.Payload, SnapLength - transport - header)),
            step, payloads);
        WriteIp(flow, from, to, step, header + step.Payload);
        WriteChecksum(transport, flow.IsTcp, isIpv4, header + step.Payload);
        from.Sequence += step.Payload + (uint)((step.Flags & (TcpFlag.Syn | TcpFlag.Fin)) != 0 ? 1 : 0);
    }

    /// <summary>Locally administered addresses: the client's side, the gateway's side.</summary>
    void WriteEthernet(bool isIpv4, bool backward)
    {
        frame[0] = frame[6] = 2;
        frame[backward ? 5 : 11] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), (ushort)(isIpv4 ? 0x0800 : 0x86dd));
    }

    int WriteTcp(int at, Conversation flow, Party from, Party to, in Step step)
    {
        var tcp = frame.AsSpan(at);
        var isSyn = step.Flags.HasFlag(TcpFlag.Syn);
        var now = from.ClockBase + (uint)(step.AfterMicroseconds / 1000);
        from.LastTimestamp = now;
        var options = WriteOptions(tcp[20..], flow, from, to, step, now);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], from.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], step.Flags.HasFlag(TcpFlag.Ack) ? to.Sequence : 0);
        tcp[12] = (byte)((20 + options) / 4 << 4);
        tcp[13] = (byte)step.Flags;
        var window = isSyn || !flow.HasScales ? from.Window : Math.Max(1, from.Window << 1 >> from.WindowScale);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], (ushort)Math.Min(window, ushort.MaxValue));
        return 20 + options;
    }

    /// <summary>A server answers with what the client offered: its own order with timestamps, a common one
    /// without.</summary>
    static int WriteOptions(Span<byte> to, Conversation flow, Party from, Party other, in Step step, uint now)
    {
        if (!step.Flags.HasFlag(TcpFlag.Syn))
        {
            return flow.HasTimestamps ? TcpOptions.WriteLater(to, now, other.LastTimestamp) : 0;
        }

        var order = !step.Backward || flow.HasTimestamps ? from.Options : flow.HasScales ? "MNNSNW" : "MNNS";
        return TcpOptions.WriteSyn(to, order, from.SegmentSize, from.WindowScale, now, other.LastTimestamp);
    }

    int WriteUdp(int at, Party from, Party to, in Step step)
    {
        var udp = frame.AsSpan(at);
        BinaryPrimitives.WriteUInt16BigEndian(udp, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(8 + step.Payload));
        return 8;
    }

    void WriteIp(Conversation flow, Party from, Party to, in Step step, int length)
    {
        var ip = frame.AsSpan(EthernetLength);
        var protocol = flow.IsTcp ? Tcp : Udp;
        var isControl = (step.Flags & (TcpFlag.Syn | TcpFlag.Rst)) != 0 || step.Payload == 0;
        var service = (byte)(from.TypeOfService | (flow.IsTcp && flow.HasEcn && !isControl ? 2 : 0));
        if (!from.Address.IsIpv4)
        {
            ip[0] = (byte)(0x60 | (service >> 4));
            ip[1] = (byte)(service << 4);
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)length);
            ip[6] = protocol;
            ip[7] = from.Ttl;
            from.Address.WriteBytes(ip[8..]);
            to.Address.WriteBytes(ip[24..]);
            return;
        }

        ip[0] = 0x45;
        ip[1] = service;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + length));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], from.IpId++);
        ip[6] = (byte)(!flow.IsTcp && from.MayFragment ? 0 : 0x40);
        ip[8] = from.Ttl;
        ip[9] = protocol;
        from.Address.WriteBytes(ip[12..]);
        to.Address.WriteBytes(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum.Finish(Checksum.Add(0, ip[..20])));
    }

    /// <summary>Over the pseudo-header and the segment (RFC 9293, 3.1; RFC 768; RFC 8200, 8.1).</summary>
    void WriteChecksum(int transport, bool isTcp, bool isIpv4, int length)
    {
        var addresses = isIpv4 ? frame.AsSpan(EthernetLength + 12, 8) : frame.AsSpan(EthernetLength + 8, 32);
        var sum = Checksum.Add((uint)(isTcp ? Tcp : Udp) + (uint)length, addresses);
        sum = Checksum.Add(sum, frame.AsSpan(transport, Math.Min(length, SnapLength - transport)));
        var checksum = Checksum.Finish(sum);
        // A UDP checksum of zero says that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(transport + (isTcp ? 16 : 6)),
            checksum == 0 && !isTcp ? (ushort)0xffff : checksum);
    }
}
