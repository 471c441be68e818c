using System.Numerics;
using System.Runtime.CompilerServices;

namespace ServeFlow.Flows;

/// <summary>
/// Records what happened in a flow, as Zeek's <c>history</c> writes it: each letter once per direction, in order of
/// first occurrence, upper case from the forward side. s: SYN, h: SYN and ACK, a: ACK alone, d: payload, f: FIN, r:
/// RST, q: contradictory flags (Zeek's q and i). TCP has all of them, every other protocol d alone. A ^ stands where
/// the sides were turned round. It takes eight bytes: sixteen places of four bits, the first occurrence in the lowest,
/// 0 where nothing follows.
/// </summary>
public readonly record struct FlowHistory(ulong Places)
{
    /// <summary>Specifies how many letters there are: those of both directions, and the mark of a turn.</summary>
    public const int MaxLength = 15;

    /// <summary>Place values: 1 to 7 forward, 8 the turn, 9 to 15 backward.</summary>
    const string Letters = "\0SHADFRQ^shadfrq";

    const int Backward = 8;

    /// <summary>Specifies the place value of a turn, which belongs to neither side.</summary>
    const ulong Turn = 8;

    /// <summary>1 in each of the sixteen places.</summary>
    const ulong EveryPlace = 0x1111_1111_1111_1111;

    internal const int Syn = 1;
    internal const int SynAck = 2;
    internal const int Ack = 3;
    internal const int Data = 4;
    internal const int Fin = 5;
    internal const int Rst = 6;
    internal const int Contradiction = 7;

    /// <summary>Returns the history with one more event, unless it was there before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal FlowHistory With(int letter, bool forward)
    {
        var value = (ulong)(forward ? letter : letter + Backward);
        return Contains(value) ? this : new(Places | (value << UsedBits));
    }

    /// <summary>Returns the history after a TCP packet.</summary>
    internal FlowHistory WithTcp(byte flags, int payload, bool forward)
    {
        var after = this;
        if (TcpFlags.Contradict(flags))
        {
            after = after.With(Contradiction, forward);
        }

        if ((flags & TcpFlags.Syn) != 0)
        {
            after = after.With((flags & TcpFlags.Ack) != 0 ? SynAck : Syn, forward);
        }

        if (payload > 0)
        {
            after = after.With(Data, forward);
        }
        else if ((flags & (TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst | TcpFlags.Ack)) == TcpFlags.Ack)
        {
            after = after.With(Ack, forward);
        }

        if ((flags & TcpFlags.Fin) != 0)
        {
            after = after.With(Fin, forward);
        }

        return (flags & TcpFlags.Rst) != 0 ? after.With(Rst, forward) : after;
    }

    /// <summary>
    /// Gets whether forward is not from the first packet's sender: a handshake showed that the other side is the
    /// client.
    /// </summary>
    public bool IsTurned => Contains(Turn);

    /// <summary>Gets whether a SYN, with or without ACK, was seen from either side.</summary>
    internal bool HasHandshake => Has(Syn, true) || Has(Syn, false) || Has(SynAck, true) || Has(SynAck, false);

    internal bool Has(int letter, bool forward) => Contains((ulong)(forward ? letter : letter + Backward));

    /// <summary>Returns the history with both sides exchanged, and the mark of it, which is Zeek's too.</summary>
    internal FlowHistory Turned()
    {
        var turned = 0UL;
        for (var shift = 0; shift < UsedBits; shift += 4)
        {
            var value = (Places >> shift) & 15;
            turned |= (value == Turn ? value : value ^ Backward) << shift;
        }

        return new FlowHistory(turned).WithTurn();
    }

    FlowHistory WithTurn() => IsTurned ? this : new(Places | (Turn << UsedBits));

    /// <summary>
    /// Determines whether some place holds the value: XOR with it everywhere leaves a place of zero, from which alone a
    /// subtraction of 1 borrows (Mycroft's test). Free places are zero too and never match, as no value is 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Contains(ulong value)
    {
        var differences = Places ^ (value * EveryPlace);
        return ((differences - EveryPlace) & ~differences & (EveryPlace << 3)) != 0;
    }

    /// <summary>Bits of the places that are taken.</summary>
    int UsedBits => (64 - BitOperations.LeadingZeroCount(Places) + 3) & ~3;

    /// <summary>Determines whether that side did anything at all.</summary>
    internal bool HasAny(bool forward)
    {
        for (var rest = Places; rest != 0; rest >>= 4)
        {
            if ((rest & 15) != Turn && (rest & 15) < Backward == forward)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the letters; returns how many.</summary>
    public int Format(Span<char> destination)
    {
        var length = 0;
        for (var rest = Places; rest != 0; rest >>= 4)
        {
            destination[length++] = Letters[(int)(rest & 15)];
        }

        return length;
    }

    /// <summary>Returns the letters, such as <c>ShADadFf</c>; empty where nothing was noted.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[16];
        return new(text[..Format(text)]);
    }
}
