using System.Runtime.Intrinsics;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class ByteTransposeTests
{
    [Fact]
    public void Apply_RandomWords_PutsEachByteInItsRow()
    {
        const int Stride = 40;
        var random = new Random(1);
        var (words, rows) = (new byte[32 * 8], new byte[8 * Stride]);
        random.NextBytes(words);

        ByteTranspose.Apply(ref words[0], ref rows[0], Stride);

        for (var flow = 0; flow < 32; flow++)
        {
            for (var at = 0; at < 8; at++)
            {
                Assert.Equal(words[(flow * 8) + at], rows[(at * Stride) + flow]);
            }
        }
    }

    [Fact]
    public void Interleave_AnyBytes_EqualsThePortableOne()
    {
        var random = new Random(2);
        var bytes = new byte[64];
        random.NextBytes(bytes);
        var (a, b) = (Vector256.Create<byte>(bytes), Vector256.Create<byte>(bytes.AsSpan(32)));

        Assert.Equal(ByteTranspose.PortableInterleave(a, b), ByteTranspose.Interleave(a, b));
    }

    [Fact]
    public void WholeBytes_AnyBits_SetsTheirBytes()
    {
        for (var bits = 0; bits < 256; bits++)
        {
            var expected = Enumerable.Range(0, 8).Sum(bit => (decimal)((ulong)((bits >> bit) & 1) * 0xff << (8 * bit)));

            Assert.Equal((ulong)expected, PlaneExtractor.WholeBytes((byte)bits));
        }
    }
}
