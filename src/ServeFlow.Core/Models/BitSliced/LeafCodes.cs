using System.Numerics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Gives each leaf of a small tree a code of five bits such that a leaf's code is the XOR of one word for each
/// right turn on the way to it. The words are mostly single bits, so that evaluation needs about one XOR a branch
/// instead of one for each bit of each leaf.
/// </summary>
sealed class LeafCodes
{
    public const int Bits = 5;
    public const int Count = 1 << Bits;

    readonly bool[] taken = new bool[Count];

    /// <param name="reserveZero">Keep code 0 free: it then stands for the flows that never enter the tree.</param>
    public LeafCodes(bool reserveZero) => taken[0] = reserveZero;

    /// <summary>The nearest free code to <paramref name="from"/>, counted in differing bits; takes it.</summary>
    public int TakeNear(int from)
    {
        var best = -1;
        for (var code = 0; code < Count; code++)
        {
            if (!taken[code] && (best < 0 || Distance(code, from) < Distance(best, from)))
            {
                best = code;
            }
        }

        taken[best] = true;
        return best;
    }

    static int Distance(int a, int b) => BitOperations.PopCount((uint)(a ^ b));
}
