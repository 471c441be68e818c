namespace ServeFlow.Packets.Headers.Network;

/// <summary>
/// The authentication header (RFC 4302) between IPv4 and what it protects, which it does not hide. Between IPv6 and its
/// payload it is one of the extension headers.
/// </summary>
static class AuthenticationHeader
{
    public const byte Protocol = 51;

    const int MinLength = 12;

    /// <summary>The length field leaves out two units of four bytes.</summary>
    const int UncountedUnits = 2;

    /// <summary>
    /// Bounds the headers in a row: one is usual, two are possible, and a crafted chain costs no time.
    /// </summary>
    const int MaxHeaders = 4;

    /// <summary>Moves offset and protocol to what is protected; they stay where the header is not all there.</summary>
    public static void Skip(ReadOnlySpan<byte> bytes, ref int offset, ref byte protocol)
    {
        for (var count = 0; count < MaxHeaders && protocol == Protocol && bytes.Length - offset >= MinLength; count++)
        {
            var length = (bytes[offset + 1] + UncountedUnits) * 4;
            if (length < MinLength || length > bytes.Length - offset)
            {
                return;
            }

            protocol = bytes[offset];
            offset += length;
        }
    }
}
