using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Features;

// From gathered words to planes.
public sealed partial class PlaneExtractor
{
    /// <summary>Answers every test for the flows that were added. Bits of other flows may be anything.</summary>
    public void Finish()
    {
        if (added == 0)
        {
            return;
        }

        var last = (added - 1) / GroupSize;
        Transpose(last);
        var bytes = (added + 255) / 256 * Vector256<byte>.Count;
        foreach (ref readonly var test in bitTests.AsSpan())
        {
            Evaluate(test, bytes);
        }

        foreach (ref readonly var test in numberTests.AsSpan())
        {
            Evaluate(test, planes.AsSpan(test.Plane, (last + 1) * sizeof(ulong)));
        }
    }

    /// <summary>Turns the gathered words of a group of 64 flows into eight bytes of each plane.</summary>
    void Transpose(int group)
    {
        Span<byte> rows = stackalloc byte[ByteTranspose.Rows * GroupSize];
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var plane = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(planes), group * sizeof(ulong));
        ref var word = ref MemoryMarshal.GetArrayDataReference(words);
        foreach (var read in reads)
        {
            ByteTranspose.Apply(ref word, ref row, GroupSize);
            ByteTranspose.Apply(ref Unsafe.Add(ref word, GroupSize * sizeof(ulong) / 2),
                ref Unsafe.Add(ref row, GroupSize / 2), GroupSize);
            word = ref Unsafe.Add(ref word, WordStride);
            foreach (ref readonly var bit in read.Bits.AsSpan())
            {
                ref var flows = ref Unsafe.Add(ref row, bit.Byte * GroupSize);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref plane, bit.Plane), TopBits(ref flows, bit.LeftShift));
            }

            foreach (ref readonly var length in read.Lengths.AsSpan())
            {
                ref var flows = ref Unsafe.Add(ref row, length.Byte * GroupSize);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref plane, length.Plane), Above(ref flows, length.Above));
            }
        }
    }

    /// <summary>The highest bits of 64 bytes, once they are shifted.</summary>
    static ulong TopBits(ref byte flows, int shift)
    {
        var low = (Vector256.LoadUnsafe(ref flows).AsUInt16() << shift).AsByte();
        var high = (Vector256.LoadUnsafe(ref flows, 32).AsUInt16() << shift).AsByte();
        return low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
    }

    static ulong Above(ref byte flows, byte above)
    {
        var limit = Vector256.Create(above);
        return Vector256.GreaterThan(Vector256.LoadUnsafe(ref flows), limit).ExtractMostSignificantBits()
            | ((ulong)Vector256.GreaterThan(Vector256.LoadUnsafe(ref flows, 32), limit).ExtractMostSignificantBits()
                << 32);
    }

    void Evaluate(in BitTest test, int bytes)
    {
        ref var first = ref MemoryMarshal.GetArrayDataReference(planes);
        var (absent, zero, one) = (Vector256.Create(test.WhenAbsent), Vector256.Create(test.WhenZero),
            Vector256.Create(test.WhenOne));
        for (var at = 0; at < bytes; at += Vector256<byte>.Count)
        {
            var present = Vector256.LoadUnsafe(ref first, (nuint)(test.Present + at));
            var ones = Vector256.LoadUnsafe(ref first, (nuint)(test.Ones + at));
            var whenPresent = Vector256.ConditionalSelect(ones, one, zero);
            Vector256.ConditionalSelect(present, whenPresent, absent)
                .StoreUnsafe(ref first, (nuint)(test.Plane + at));
        }
    }

    void Evaluate(in NumberTest test, Span<byte> plane)
    {
        ref var row = ref numbers[test.Row];
        var threshold = Vector256.Create(test.Threshold);
        for (var at = 0; at < plane.Length; at++)
        {
            var values = Vector256.LoadUnsafe(ref row, (nuint)(at * 8));
            plane[at] = (byte)Vector256.GreaterThan(values, threshold).ExtractMostSignificantBits();
        }
    }
}
