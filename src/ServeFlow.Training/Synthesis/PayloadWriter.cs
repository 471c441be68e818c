using System.Buffers.Binary;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Payloads: the few bytes by which dissectors know a protocol, then noise. No model sees them.
/// </summary>
static class PayloadWriter
{
    public static void Write(Span<byte> payload, in Step step, SeededRandom dice)
    {
        dice.Fill(payload);
        Span<byte> head = stackalloc byte[32];
        head = head[..Head(head, step)];
        head[..Math.Min(head.Length, payload.Length)].CopyTo(payload);
    }

    static int Head(Span<byte> to, in Step step) => step.Content switch
    {
        Content.Handshake => Record(to, 0x16, step.Payload),
        Content.Records => Record(to, 0x17, step.Payload),
        Content.QuicLong => Put(to, 0xc3, 0, 0, 0, 1, 8),
        Content.QuicShort => Put(to, 0x43),
        Content.DnsQuery => Put(to, 0x5f, 0x10, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0,
            7, (byte)'e', (byte)'x', (byte)'a', (byte)'m', (byte)'p', (byte)'l', (byte)'e', 0, 0, 1, 0, 1),
        Content.DnsResponse => Put(to, 0x5f, 0x10, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0,
            7, (byte)'e', (byte)'x', (byte)'a', (byte)'m', (byte)'p', (byte)'l', (byte)'e', 0, 0, 1, 0, 1),
        Content.Stun => Put(to, (byte)(step.Backward ? 1 : 0), 1, 0, (byte)(step.Payload - 20), 0x21, 0x12, 0xa4, 0x42),
        Content.Dtls => Put(to, 0x16, 0xfe, 0xfd),
        Content.Rtp => Put(to, 0x80, 0x6f),
        _ => 0,
    };

    static int Record(Span<byte> to, byte kind, int payload)
    {
        Put(to, kind, 3, 3);
        BinaryPrimitives.WriteUInt16BigEndian(to[3..], (ushort)Math.Max(0, payload - 5));
        return 5;
    }

    static int Put(Span<byte> to, params ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }
}
