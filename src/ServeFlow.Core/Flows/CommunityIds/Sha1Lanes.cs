using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Flows.CommunityIds;

/// <summary>
/// SHA-1 of eight one-block messages at once, a message in each 32-bit lane: a third of the instructions of
/// <see cref="Sha1Block"/> a message, to which tests hold it.
/// </summary>
static class Sha1Lanes
{
    public const int Lanes = 8;
    public const int BlockWords = 16;
    public const int HashWords = 5;

    const int Rounds = 80;

    /// <summary>Hashes eight padded blocks.</summary>
    /// <param name="blocks">Word t of message i, big-endian read, at 8 t + i: 128 words.</param>
    /// <param name="hashes">Receives word t of hash i at 8 t + i: 40 words.</param>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<uint> blocks, Span<uint> hashes)
    {
        Span<Vector256<uint>> words = stackalloc Vector256<uint>[Rounds];
        MemoryMarshal.Cast<uint, Vector256<uint>>(blocks)[..BlockWords].CopyTo(words);
        for (var t = BlockWords; t < Rounds; t++)
        {
            words[t] = RotateLeft(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);
        }

        Compress(words, MemoryMarshal.Cast<uint, Vector256<uint>>(hashes));
    }

    static void Compress(ReadOnlySpan<Vector256<uint>> words, Span<Vector256<uint>> hashes)
    {
        var a = Vector256.Create(0x67452301u);
        var b = Vector256.Create(0xefcdab89u);
        var c = Vector256.Create(0x98badcfeu);
        var d = Vector256.Create(0x10325476u);
        var e = Vector256.Create(0xc3d2e1f0u);
        var constant = Vector256.Create(0x5a827999u);
        foreach (var word in words[..20])
        {
            Round(ref a, ref b, ref c, ref d, ref e, d ^ (b & (c ^ d)), word + constant);
        }

        constant = Vector256.Create(0x6ed9eba1u);
        foreach (var word in words[20..40])
        {
            Round(ref a, ref b, ref c, ref d, ref e, b ^ c ^ d, word + constant);
        }

        constant = Vector256.Create(0x8f1bbcdcu);
        foreach (var word in words[40..60])
        {
            Round(ref a, ref b, ref c, ref d, ref e, (b & c) | (d & (b | c)), word + constant);
        }

        constant = Vector256.Create(0xca62c1d6u);
        foreach (var word in words[60..])
        {
            Round(ref a, ref b, ref c, ref d, ref e, b ^ c ^ d, word + constant);
        }

        hashes[0] = a + Vector256.Create(0x67452301u);
        hashes[1] = b + Vector256.Create(0xefcdab89u);
        hashes[2] = c + Vector256.Create(0x98badcfeu);
        hashes[3] = d + Vector256.Create(0x10325476u);
        hashes[4] = e + Vector256.Create(0xc3d2e1f0u);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Round(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d,
        ref Vector256<uint> e, Vector256<uint> mixed, Vector256<uint> word)
    {
        var next = RotateLeft(a, 5) + mixed + e + word;
        e = d;
        d = c;
        c = RotateLeft(b, 30);
        b = a;
        a = next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> RotateLeft(Vector256<uint> value, [ConstantExpected] int bits) =>
        (value << bits) | (value >>> (32 - bits));
}
