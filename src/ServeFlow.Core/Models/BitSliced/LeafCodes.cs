using System.Numerics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Gives each leaf of a small tree a code such that a leaf's code is the XOR of one word for each right turn on the
/// way to it. Most words are single bits, so that evaluation needs little more than one XOR a branch instead of one
/// for each bit of each leaf.
/// </summary>
/// <remarks>The codes of a tree are tried in many ways, and most of the time of compiling a forest is spent here: sets
/// of codes are single words, and those at each distance are known in advance.</remarks>
sealed class LeafCodes
{
    const int MaxBits = 6;

    /// <summary>Holds, by bit, the codes in which it is set.</summary>
    static readonly ulong[] WithBit = [.. Enumerable.Range(0, MaxBits).Select(bit =>
        SetOf(code => ((code >> bit) & 1) != 0))];

    /// <summary>Holds the codes that differ from a code in a number of bits, by code and number of bits.</summary>
    static readonly ulong[] AtDistance = [.. Enumerable.Range(0, 1 << MaxBits).SelectMany(from =>
        Enumerable.Range(0, MaxBits + 1).Select(distance =>
            SetOf(code => BitOperations.PopCount((uint)(code ^ from)) == distance)))];

    ulong free;

    /// <param name="bits">Bits of a code, at most 6.</param>
    public LeafCodes(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        Bits = bits;
        free = ulong.MaxValue >> (64 - (1 << bits));
    }

    public int Bits { get; }

    public void Reserve(int code) => free &= ~(1UL << code);

    /// <summary>Counts the free codes that are one bit away from <paramref name="code"/>.</summary>
    public int FreeNeighbours(int code) => BitOperations.PopCount(free & Sphere(code, 1));

    /// <summary>Returns the free code that differs from <paramref name="from"/> in the fewest bits,
    /// <paramref name="bit"/> among them, and of several the lowest; −1 where there is none.</summary>
    public int Nearest(int from, int bit)
    {
        var candidates = free & (((from >> bit) & 1) != 0 ? ~WithBit[bit] : WithBit[bit]);
        for (var distance = 1; distance <= Bits; distance++)
        {
            if ((candidates & Sphere(from, distance)) is not 0 and var nearest)
            {
                return BitOperations.TrailingZeroCount(nearest);
            }
        }

        return -1;
    }

    static ulong Sphere(int code, int distance) => AtDistance[(code * (MaxBits + 1)) + distance];

    static ulong SetOf(Func<int, bool> contains) => Enumerable.Range(0, 1 << MaxBits).Where(contains)
        .Aggregate(0UL, (set, code) => set | (1UL << code));
}
