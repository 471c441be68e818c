using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>A connection's <c>uid</c> in Zeek's shape, 'C' and 17 letters or digits, the same in every run.</summary>
static class ZeekUid
{
    const int Half = 9;
    const int Length = 18;

    static ReadOnlySpan<byte> Digits => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    public static int Write(in Flow flow, Span<byte> text)
    {
        text[0] = (byte)'C';
        WriteBase62(FlowId.Mix(flow, 1), text[1..(1 + Half)]);
        WriteBase62(FlowId.Mix(flow, 2), text[(1 + Half)..Length]);
        return Length;
    }

    static void WriteBase62(ulong value, Span<byte> text)
    {
        foreach (ref var digit in text)
        {
            digit = Digits[(int)(value % 62)];
            value /= 62;
        }
    }
}
