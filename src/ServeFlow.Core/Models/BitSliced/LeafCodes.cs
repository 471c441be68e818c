using System.Numerics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Gives each leaf of a small tree a code such that a leaf's code is the XOR of one word for each right turn on the
/// way to it. Most words are single bits, so that evaluation needs little more than one XOR a branch instead of one
/// for each bit of each leaf.
/// </summary>
sealed class LeafCodes(int bits)
{
    readonly bool[] taken = new bool[1 << bits];

    public int Bits => bits;

    public void Reserve(int code) => taken[code] = true;

    /// <summary>Counts the free codes that are one bit away from <paramref name="code"/>.</summary>
    public int FreeNeighbours(int code)
    {
        var free = 0;
        for (var bit = 0; bit < bits; bit++)
        {
            free += taken[code ^ (1 << bit)] ? 0 : 1;
        }

        return free;
    }

    /// <summary>The free code that differs from <paramref name="from"/> in the fewest bits, <paramref name="bit"/>
    /// among them; −1 where there is none.</summary>
    public int Nearest(int from, int bit)
    {
        var best = -1;
        for (var code = 0; code < taken.Length; code++)
        {
            if (!taken[code] && (((code ^ from) >> bit) & 1) != 0
                && (best < 0 || Distance(code, from) < Distance(best, from)))
            {
                best = code;
            }
        }

        return best;
    }

    static int Distance(int a, int b) => BitOperations.PopCount((uint)(a ^ b));
}
