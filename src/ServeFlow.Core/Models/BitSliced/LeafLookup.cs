using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Models.BitSliced;

/// <summary>Adds one digit of the leaf values of up to four trees for a whole batch.</summary>
static unsafe class LeafLookup
{
    const int BatchSize = BitSlicedForest.BatchSize;

    /// <param name="tables">The digit's table of the first tree: 32 bytes, by code.</param>
    /// <param name="stride">Bytes from one tree's table to the next tree's.</param>
    /// <param name="codes">[trees × 512].</param>
    /// <param name="count">Flows of the batch; sums of later ones may become anything.</param>
    /// <param name="sums">[512] are added to.</param>
    public static void Add(byte* tables, int stride, int trees, byte* codes, int count, ushort* sums)
    {
        var step = Vector256<byte>.Count;
        for (var flow = 0; flow < count; flow += step)
        {
            var sum = Vector256<byte>.Zero;
            for (var tree = 0; tree < trees; tree++)
            {
                sum += Find(tables + (tree * stride), Vector256.Load(codes + (tree * BatchSize) + flow));
            }

            var (low, high) = Vector256.Widen(sum);
            Vector256.Store(Vector256.Load(sums + flow) + low, sums + flow);
            Vector256.Store(Vector256.Load(sums + flow + (step / 2)) + high, sums + flow + (step / 2));
        }
    }

    /// <summary>
    /// The table's byte at each code: two permutes of 16 entries, chosen between by the code's fifth bit.
    /// </summary>
    static Vector256<byte> Find(byte* table, Vector256<byte> code)
    {
        var low = Vector128.Load(table);
        var high = Vector128.Load(table + 16);
        if (Avx2.IsSupported)
        {
            var upper = (code.AsUInt16() << 3).AsByte();
            return Avx2.BlendVariable(Avx2.Shuffle(Vector256.Create(low, low), code),
                Avx2.Shuffle(Vector256.Create(high, high), code), upper);
        }

        return Vector256.Create(Find(low, high, code.GetLower()), Find(low, high, code.GetUpper()));
    }

    static Vector128<byte> Find(Vector128<byte> low, Vector128<byte> high, Vector128<byte> code)
    {
        var index = code & Vector128.Create((byte)15);
        return Vector128.ConditionalSelect(Vector128.GreaterThan(code, Vector128.Create((byte)15)),
            Vector128.Shuffle(high, index), Vector128.Shuffle(low, index));
    }
}
