using CsCheck;
using ServeFlow.Packets.Captures.Formats;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class BytePatternTests
{
    [Fact]
    public void Find_RandomBytes_IsTheFirstPlaceThatMatches()
    {
        var range = Gen.Select(Gen.Int[0, 11], Gen.Byte[0, 255], Gen.Byte[0, 255],
            (at, a, b) => new ByteRange(at, Math.Min(a, b), Math.Max(a, b)));
        Gen.Select(range.Array[1, 6], Gen.Byte.Array[12, 400], Gen.Int[0, 500]).Sample((ranges, bytes, places) =>
        {
            var pattern = new BytePattern(ranges);
            var length = ranges.Max(r => r.At) + 1;
            var most = Math.Min(places, bytes.Length - length + 1);
            var expected = Enumerable.Range(0, most).FirstOrDefault(i => pattern.Matches(bytes.AsSpan(i)), -1);

            Assert.Equal(expected, pattern.Find(bytes, places));
        });
    }
}
