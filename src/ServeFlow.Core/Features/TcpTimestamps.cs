using System.Buffers.Binary;

namespace ServeFlow.Features;

/// <summary>Finds the values of the TCP timestamps option (RFC 7323, kind 8), wherever the option stands.</summary>
static class TcpTimestamps
{
    /// <summary>TCP's header without options.</summary>
    public const int OptionsOffset = 20;

    const byte EndOfOptions = 0;
    const byte NoOperation = 1;
    const byte Timestamps = 8;

    /// <summary>TSval and TSecr, behind the option's kind and length.</summary>
    const ulong ValueBytes = 0xff;

    /// <summary>NOP NOP kind 8 length 10: how nearly every stack aligns the option.</summary>
    const uint AlignedForm = 0x0101_080a;

    /// <summary>Bit i of the answer is set where byte i of the options belongs to TSval or TSecr.</summary>
    /// <param name="options">The header's option bytes, at most 40; cut or malformed ones end the search.</param>
    public static ulong ValueMask(ReadOnlySpan<byte> options) =>
        options.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(options) == AlignedForm
            ? ValueBytes << 4
            : Search(options);

    static ulong Search(ReadOnlySpan<byte> options)
    {
        var at = 0;
        while (at < options.Length && options[at] != EndOfOptions)
        {
            if (options[at] == NoOperation)
            {
                at++;
                continue;
            }

            if (options[at] == Timestamps)
            {
                return ValueBytes << (at + 2);
            }

            // A length below 2 cannot be stepped over: what follows has no meaning.
            if (at + 1 >= options.Length || options[at + 1] < 2)
            {
                return 0;
            }

            at += options[at + 1];
        }

        return 0;
    }
}
