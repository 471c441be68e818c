using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ServeFlow.Features;

// From gathered rows to planes.
public sealed partial class PlaneExtractor
{
    /// <summary>Answers every test for the flows that were gathered. Bits of other flows may be anything.</summary>
    public void Finish()
    {
        for (var place = 0; place < presences.Length; place++)
        {
            MarkPresent(presences[place], Words(presencePlanes, place));
        }

        foreach (ref readonly var test in bitTests.AsSpan())
        {
            Answer(test, Words(presencePlanes, test.Presence), Words(planes, test.Plane));
        }

        foreach (ref readonly var test in numberTests.AsSpan())
        {
            Answer(test, planes.AsSpan(test.Plane * PlaneBytes, PlaneBytes));
        }
    }

    void MarkPresent(Presence presence, Span<uint> plane)
    {
        ref var row = ref rows[presence.Row];
        var above = Vector256.Create(presence.Above);
        for (var word = 0; word < plane.Length; word++)
        {
            var lengths = Vector256.LoadUnsafe(ref row, (nuint)(word * 32));
            plane[word] = Vector256.GreaterThan(lengths, above).ExtractMostSignificantBits();
        }
    }

    void Answer(in BitTest test, ReadOnlySpan<uint> present, Span<uint> plane)
    {
        ref var row = ref rows[test.Row];
        for (var word = 0; word < plane.Length; word++)
        {
            var bytes = Vector256.LoadUnsafe(ref row, (nuint)(word * 32)).AsUInt16();
            var ones = (bytes << test.LeftShift).AsByte().ExtractMostSignificantBits() & present[word];
            plane[word] = (~present[word] & test.WhenAbsent) | ((present[word] ^ ones) & test.WhenZero)
                | (ones & test.WhenOne);
        }
    }

    void Answer(in NumberTest test, Span<byte> plane)
    {
        ref var row = ref numbers[test.Row];
        var threshold = Vector256.Create(test.Threshold);
        for (var at = 0; at < plane.Length; at++)
        {
            var values = Vector256.LoadUnsafe(ref row, (nuint)(at * 8));
            plane[at] = (byte)Vector256.GreaterThan(values, threshold).ExtractMostSignificantBits();
        }
    }

    static Span<uint> Words(byte[] planes, int plane) =>
        MemoryMarshal.Cast<byte, uint>(planes.AsSpan(plane * PlaneBytes, PlaneBytes));
}
