using System.Runtime.Intrinsics;
using ServeFlow.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models.BitSliced;

/// <summary>What the kernel needs of a processor, against what it means.</summary>
public sealed unsafe class FlowSetTests
{
    [Fact]
    public void Find_EveryCode128_IsTheTablesEntry() => AssertFinds<Flows128, Table128>();

    [Fact]
    public void Find_EveryCode256_IsTheTablesEntry() => AssertFinds<Flows256, Table256>();

    [Fact]
    public void Find_EveryCode2x256_IsTheTablesEntry() => AssertFinds<Flows2x256, Table256>();

    [Fact]
    public void Find_EveryCode512_IsTheTablesEntry() => AssertFinds<Flows512, Vector512<byte>>();

    [Fact]
    public void Shuffle_AnyBytes_EqualsThePortableOne()
    {
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var (table, codes) = (Vector256.Create<byte>(Bytes(random)), Vector256.Create<byte>(Bytes(random)));

            Assert.Equal(Flows256.PortableShuffle(table, codes), Flows256.Shuffle(table, codes));
        }
    }

    [Fact]
    public void Permute_AnyBytes_EqualsThePortableOne()
    {
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            var (table, codes) = (Vector512.Create<byte>(Bytes(random)), Vector512.Create<byte>(Bytes(random)));
            var found = Flows512.Permute(table, codes);

            Assert.Equal(Flows512.PortablePermute(table, codes), found);
            for (var at = 0; at < 64; at++)
            {
                Assert.Equal(table[codes[at] & 63], found[at]);
            }
        }
    }

    /// <summary>Draws planes of code bits; each flow must find the table's entry of its own code.</summary>
    static void AssertFinds<TSet, TTable>()
        where TSet : unmanaged, IFlowSet<TSet, TTable>
        where TTable : unmanaged
    {
        var random = new Random(3);
        var planes = Enumerable.Range(0, TSet.CodeBits).Select(_ => Bytes(random)).ToArray();
        var table = Bytes(random);
        var codes = new byte[8 * TSet.Bytes];
        var found = new byte[TSet.Bytes];
        fixed (byte* c = codes, t = table, f = found)
        {
            TSet.ToCodes(Planes<TSet, TTable>(planes), c);
            for (var register = 0; register < 8; register++)
            {
                TSet.Store(TSet.Find(TSet.LoadTable(t), TSet.Load(c + (register * TSet.Bytes))), f);
                for (var at = 0; at < TSet.Bytes; at++)
                {
                    var code = Enumerable.Range(0, TSet.CodeBits)
                        .Sum(bit => ((planes[bit][at] >> register) & 1) << bit);
                    Assert.Equal(table[code], found[at]);
                }
            }
        }
    }

    static CodePlanes<TSet> Planes<TSet, TTable>(byte[][] planes)
        where TSet : unmanaged, IFlowSet<TSet, TTable>
        where TTable : unmanaged
    {
        return new()
        {
            Bit0 = Load(0),
            Bit1 = Load(1),
            Bit2 = Load(2),
            Bit3 = Load(3),
            Bit4 = Load(4),
            Bit5 = TSet.CodeBits > 5 ? Load(5) : default,
        };

        TSet Load(int bit)
        {
            fixed (byte* plane = planes[bit])
            {
                return TSet.Load(plane);
            }
        }
    }

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[64];
        random.NextBytes(bytes);
        return bytes;
    }
}
