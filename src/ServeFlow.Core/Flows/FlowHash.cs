using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace ServeFlow.Flows;

/// <summary>
/// Keyed hash of a flow key's 40 bytes: each pair of words, masked by secret words, is multiplied to 128 bits and
/// folded. Without the secret nobody can prepare addresses and ports that collide. Not a cryptographic hash.
/// </summary>
readonly struct FlowHash
{
    readonly ulong key0;
    readonly ulong key1;
    readonly ulong key2;
    readonly ulong key3;
    readonly ulong key4;
    readonly ulong key5;

    /// <param name="seed">Makes the hash repeatable; null draws the secret from the system's random source.</param>
    public FlowHash(ulong? seed)
    {
        Span<ulong> secret = stackalloc ulong[6];
        if (seed is { } given)
        {
            Expand(given, secret);
        }
        else
        {
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret));
        }

        (key0, key1, key2, key3, key4, key5) = (secret[0], secret[1], secret[2], secret[3], secret[4], secret[5]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Compute(in FlowKey key)
    {
        var ports = (ulong)key.LowPort << 48 | (ulong)key.HighPort << 32 | (ulong)key.Vlan << 16
            | (ulong)key.Protocol << 8 | key.IpVersion;
        var low = Fold(key.LowAddress.High ^ key0, key.LowAddress.Low ^ key1);
        var high = Fold(key.HighAddress.High ^ key2, key.HighAddress.Low ^ key3);
        return Fold(low ^ ports ^ key4, high ^ BitRotate(ports) ^ key5);
    }

    static ulong BitRotate(ulong word) => (word << 32) | (word >> 32);

    /// <summary>
    /// Combines both halves of the product by XOR. The halves are computed one by one where that is possible: together
    /// they would pass through memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Fold(ulong a, ulong b) =>
        (Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _)) ^ (a * b);

    /// <summary>
    /// SplitMix64 (Steele, Lea and Flood 2014), whose outputs differ in half of their bits from seed to seed.
    /// </summary>
    static void Expand(ulong seed, Span<ulong> secret)
    {
        foreach (ref var word in secret)
        {
            seed += 0x9e37_79b9_7f4a_7c15;
            var z = (seed ^ (seed >> 30)) * 0xbf58_476d_1ce4_e5b9;
            z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
            word = z ^ (z >> 31);
        }
    }
}
