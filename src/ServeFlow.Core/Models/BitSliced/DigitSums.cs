using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Sums of leaf digits over up to <see cref="TreeRun.MaxTrees"/> trees. A register of flows has two registers of
/// 16-bit sums for each digit: sums of byte pairs, and sums of the pairs' upper bytes alone, which tell them apart.
/// </summary>
sealed unsafe class DigitSums(int digits, int flows)
{
    const int Registers = 8;

    readonly PinnedBuffer buffer = new(digits * flows * sizeof(ushort));
    readonly int register = flows / Registers;

    public byte* ForDigit(int digit) => buffer.Pointer + (digit * flows * sizeof(ushort));

    public void Clear() => buffer.Clear();

    /// <summary>Adds the sums, times their unit, to scores in the order of <see cref="FlowOrder"/>.</summary>
    public void AddTo(double* scores, double unit)
    {
        for (var at = 0; at < Registers; at++)
        {
            for (var part = 0; part < register; part += Vector128<byte>.Count)
            {
                var first = (2 * at * register) + part;
                var into = scores + (at * register) + (part / 2);
                Vector256<int> lower = default, upper = default;
                Vector256<int> lowerTop = default, upperTop = default;
                for (var digit = digits - 1; digit >= 0; digit--)
                {
                    var uppers = Vector128.Load((ushort*)(ForDigit(digit) + first + register));
                    var lowers = Vector128.Load((ushort*)(ForDigit(digit) + first)) - (uppers << 8);
                    if (digit == 3)
                    {
                        (lowerTop, upperTop) = (Widen(lowers), Widen(uppers));
                        continue;
                    }

                    lower = (lower << 8) + Widen(lowers);
                    upper = (upper << 8) + Widen(uppers);
                }

                Add(lower, lowerTop, unit, into);
                Add(upper, upperTop, unit, into + (register / 2));
            }
        }
    }

    static Vector256<int> Widen(Vector128<ushort> values)
    {
        var (lower, upper) = Vector128.Widen(values);
        return Vector256.Create(lower, upper).AsInt32();
    }

    void Add(Vector256<int> sums, Vector256<int> top, double unit, double* into)
    {
        Add(sums.GetLower(), top.GetLower(), unit, into);
        Add(sums.GetUpper(), top.GetUpper(), unit, into + 4);
    }

    void Add(Vector128<int> sums, Vector128<int> top, double unit, double* into)
    {
        var value = Widen(sums);
        if (digits > 3)
        {
            value += Widen(top) * (1 << 24);
        }

        Vector256.Store(Vector256.Load(into) + (value * unit), into);
    }

    static Vector256<double> Widen(Vector128<int> values)
    {
        if (Avx.IsSupported)
        {
            return Avx.ConvertToVector256Double(values);
        }

        var (lower, upper) = Vector128.Widen(values);
        return Vector256.ConvertToDouble(Vector256.Create(lower, upper));
    }
}
