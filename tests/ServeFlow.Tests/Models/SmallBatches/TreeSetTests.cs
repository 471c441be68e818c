using System.Runtime.Intrinsics;
using ServeFlow.Models.SmallBatches;
using Xunit;

namespace ServeFlow.Tests.Models.SmallBatches;

/// <summary>What the kernel needs of a processor, against what it means.</summary>
public sealed unsafe class TreeSetTests
{
    [Fact]
    public void Advance_AnyBytes_TakesTheBranch128() => AssertAdvances<Trees128>();

    [Fact]
    public void Advance_AnyBytes_TakesTheBranch256() => AssertAdvances<Trees256>();

    [Fact]
    public void Advance_AnyBytes_TakesTheBranch512() => AssertAdvances<Trees512>();

    [Fact]
    public void BitOf_EveryByte_IsTheBitOfItsLowestBits()
    {
        AssertFindsBits<Trees128>();
        AssertFindsBits<Trees256>();
        AssertFindsBits<Trees512>();
    }

    [Fact]
    public void Find_EveryNumber_IsTheTablesByte()
    {
        AssertFinds<Trees128, Trees128.Table>();
        AssertFinds<Trees256, Trees256.Table>();
        AssertFinds<Trees512, Trees512.Table>();
        AssertFinds<Trees512, Trees512.WideTable>();
        AssertFinds<Trees128, TablePair<TablePair<TablePair<Trees128.Table, Trees128>, Trees128>, Trees128>>();
        AssertFinds<Trees256, TablePair<TablePair<TablePair<Trees256.Table, Trees256>, Trees256>, Trees256>>();
        AssertFinds<Trees256, TablePair<
            TablePair<TablePair<TablePair<Trees256.Table, Trees256>, Trees256>, Trees256>, Trees256>>();
        AssertFinds<Trees512, TablePair<Trees512.WideTable, Trees512>>();
    }

    [Fact]
    public void Blend_AnyBytes_EqualsThePortableOne()
    {
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var (selector, a, b) = (Vector256.Create<byte>(Bytes(random, 32)),
                Vector256.Create<byte>(Bytes(random, 32)), Vector256.Create<byte>(Bytes(random, 32)));

            Assert.Equal(Trees256.PortableBlend(selector, a, b), Trees256.Blend(selector, a, b));
        }
    }

    [Fact]
    public void Permute_AnyBytes_EqualsThePortableOne()
    {
        var random = new Random(2);
        for (var i = 0; i < 100; i++)
        {
            var (low, high, numbers) = (Vector512.Create<byte>(Bytes(random, 64)),
                Vector512.Create<byte>(Bytes(random, 64)), Vector512.Create<byte>(Bytes(random, 64)));

            Assert.Equal(Trees512.PortablePermute(low, high, numbers), Trees512.Permute(low, high, numbers));
        }
    }

    static void AssertAdvances<TSet>()
        where TSet : unmanaged, ITreeSet<TSet>
    {
        var random = new Random(3);
        var (leaves, answers, bits) = (Bytes(random, 64), Bytes(random, 64), Bytes(random, 64));
        var (first, right, found) = (Bytes(random, 64), Bytes(random, 64), new ushort[64]);
        for (var tree = 0; tree < 64; tree++)
        {
            bits[tree] = (byte)(1 << (tree % 8));
            first[tree] = tree % 3 == 0 ? first[tree] : leaves[tree];
        }

        fixed (byte* l = leaves, a = answers, b = bits, f = first, r = right)
        fixed (ushort* into = found)
        {
            TSet.Widen(TSet.Advance(TSet.Load(l), TSet.Load(a), TSet.Load(b), TSet.Load(f), TSet.Load(r)), 0,
                into);
        }

        for (var tree = 0; tree < TSet.Trees; tree++)
        {
            var goesRight = leaves[tree] >= first[tree] && (answers[tree] & bits[tree]) != 0;
            Assert.Equal(goesRight ? right[tree] : leaves[tree], found[tree]);
        }
    }

    static void AssertFindsBits<TSet>()
        where TSet : unmanaged, ITreeSet<TSet>
    {
        var found = new ushort[64];
        fixed (ushort* into = found)
        {
            for (var number = 0; number <= byte.MaxValue; number++)
            {
                TSet.Widen(TSet.BitOf(TSet.Create((byte)number)), 0, into);
                Assert.All(found.Take(TSet.Trees), bit => Assert.Equal(1 << (number % 8), bit));

                TSet.Widen(TSet.Add(TSet.Create((byte)number), TSet.Create(8)), 3, into);
                Assert.All(found.Take(TSet.Trees), sum => Assert.Equal((byte)(number + 8) >> 3, sum));
            }
        }
    }

    static void AssertFinds<TSet, TTable>()
        where TSet : unmanaged, ITreeSet<TSet>
        where TTable : unmanaged, IAnswerTable<TTable, TSet>
    {
        var answers = Bytes(new Random(4), 1 << TTable.IndexBits);
        var (numbers, found) = (new byte[64], new ushort[64]);
        for (var first = 0; first < answers.Length; first++)
        {
            for (var tree = 0; tree < numbers.Length; tree++)
            {
                numbers[tree] = (byte)((first + (tree * 7)) % answers.Length);
            }

            fixed (byte* a = answers, n = numbers)
            fixed (ushort* into = found)
            {
                TSet.Widen(TTable.Load(a).Find(TSet.Load(n)), 0, into);
            }

            for (var tree = 0; tree < TSet.Trees; tree++)
            {
                Assert.Equal(answers[numbers[tree]], found[tree]);
            }
        }
    }

    static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
