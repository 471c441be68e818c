using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ServeFlow.Flows.CommunityIds;

/// <summary>
/// SHA-1 (FIPS 180-4) of messages that fit one block, without the base library's calls into OpenSSL, which cost more
/// than the hashing. Not for secrets.
/// </summary>
static class Sha1Block
{
    /// <summary>Limits the length of a message, in bytes: a block without its end mark and its length.</summary>
    public const int MaxMessageLength = 55;

    public const int HashLength = 20;

    public const int BlockLength = 64;

    const int Rounds = 80;

    /// <summary>Writes the hash of a message of at most <see cref="MaxMessageLength"/> bytes.</summary>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> message, Span<byte> hash)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        message.CopyTo(block[..MaxMessageLength]);
        Pad(block, message.Length);
        Span<uint> words = stackalloc uint[Rounds];
        Expand(block, words);
        Compress(words, hash);
    }

    /// <summary>Ends a message in a block that is zero behind it.</summary>
    public static void Pad(Span<byte> block, int messageLength)
    {
        block[messageLength] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(block[^8..], (ulong)messageLength * 8);
    }

    static void Expand(ReadOnlySpan<byte> block, Span<uint> words)
    {
        for (var t = 0; t < 16; t++)
        {
            words[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (var t = 16; t < words.Length; t++)
        {
            words[t] = BitOperations.RotateLeft(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
        }
    }

    /// <summary>Four stages of twenty rounds, five rounds at a time, so that the five variables change their parts
    /// without being moved.</summary>
    static void Compress(ReadOnlySpan<uint> words, Span<byte> hash)
    {
        uint a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476, e = 0xc3d2e1f0;
        for (var t = 0; t < 20; t += 5)
        {
            var w = words.Slice(t, 5);
            Round(a, ref b, Choose(b, c, d), ref e, w[0] + 0x5a827999);
            Round(e, ref a, Choose(a, b, c), ref d, w[1] + 0x5a827999);
            Round(d, ref e, Choose(e, a, b), ref c, w[2] + 0x5a827999);
            Round(c, ref d, Choose(d, e, a), ref b, w[3] + 0x5a827999);
            Round(b, ref c, Choose(c, d, e), ref a, w[4] + 0x5a827999);
        }

        for (var t = 20; t < 40; t += 5)
        {
            var w = words.Slice(t, 5);
            Round(a, ref b, b ^ c ^ d, ref e, w[0] + 0x6ed9eba1);
            Round(e, ref a, a ^ b ^ c, ref d, w[1] + 0x6ed9eba1);
            Round(d, ref e, e ^ a ^ b, ref c, w[2] + 0x6ed9eba1);
            Round(c, ref d, d ^ e ^ a, ref b, w[3] + 0x6ed9eba1);
            Round(b, ref c, c ^ d ^ e, ref a, w[4] + 0x6ed9eba1);
        }

        for (var t = 40; t < 60; t += 5)
        {
            var w = words.Slice(t, 5);
            Round(a, ref b, Majority(b, c, d), ref e, w[0] + 0x8f1bbcdc);
            Round(e, ref a, Majority(a, b, c), ref d, w[1] + 0x8f1bbcdc);
            Round(d, ref e, Majority(e, a, b), ref c, w[2] + 0x8f1bbcdc);
            Round(c, ref d, Majority(d, e, a), ref b, w[3] + 0x8f1bbcdc);
            Round(b, ref c, Majority(c, d, e), ref a, w[4] + 0x8f1bbcdc);
        }

        for (var t = 60; t < 80; t += 5)
        {
            var w = words.Slice(t, 5);
            Round(a, ref b, b ^ c ^ d, ref e, w[0] + 0xca62c1d6);
            Round(e, ref a, a ^ b ^ c, ref d, w[1] + 0xca62c1d6);
            Round(d, ref e, e ^ a ^ b, ref c, w[2] + 0xca62c1d6);
            Round(c, ref d, d ^ e ^ a, ref b, w[3] + 0xca62c1d6);
            Round(b, ref c, c ^ d ^ e, ref a, w[4] + 0xca62c1d6);
        }

        BinaryPrimitives.WriteUInt32BigEndian(hash, a + 0x67452301);
        BinaryPrimitives.WriteUInt32BigEndian(hash[4..], b + 0xefcdab89);
        BinaryPrimitives.WriteUInt32BigEndian(hash[8..], c + 0x98badcfe);
        BinaryPrimitives.WriteUInt32BigEndian(hash[12..], d + 0x10325476);
        BinaryPrimitives.WriteUInt32BigEndian(hash[16..], e + 0xc3d2e1f0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(uint first, ref uint turned, uint mixed, ref uint sum, uint word)
    {
        sum += BitOperations.RotateLeft(first, 5) + mixed + word;
        turned = BitOperations.RotateLeft(turned, 30);
    }

    static uint Choose(uint x, uint y, uint z) => z ^ (x & (y ^ z));

    static uint Majority(uint x, uint y, uint z) => (x & y) | (z & (x | y));
}
