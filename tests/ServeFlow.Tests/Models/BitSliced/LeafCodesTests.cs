using System.Numerics;
using CsCheck;
using ServeFlow.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models.BitSliced;

public sealed class LeafCodesTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Nearest_AnyCodesTaken_IsTheLowestOfThoseInFewestBits(int bits) =>
        Gen.Select(Gen.Int[0, (1 << bits) - 1].HashSet[0, 1 << bits], Gen.Int[0, (1 << bits) - 1], Gen.Int[0, bits - 1])
            .Sample((taken, from, bit) =>
            {
                var codes = new LeafCodes(bits);
                foreach (var code in taken)
                {
                    codes.Reserve(code);
                }

                int[] free = [.. Enumerable.Range(0, 1 << bits).Except(taken)];
                var expected = free.Where(code => (((code ^ from) >> bit) & 1) != 0)
                    .OrderBy(code => Distance(code, from)).ThenBy(code => code).FirstOrDefault(-1);
                Assert.Equal(expected, codes.Nearest(from, bit));
                Assert.Equal(free.Count(code => Distance(code, from) == 1), codes.FreeNeighbours(from));
            });

    static int Distance(int a, int b) => BitOperations.PopCount((uint)(a ^ b));
}
