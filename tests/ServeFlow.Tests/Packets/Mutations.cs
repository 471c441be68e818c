using CsCheck;

namespace ServeFlow.Tests.Packets;

/// <summary>Bytes that are nearly right: a few of a seed's changed, some cut off.</summary>
static class Mutations
{
    /// <summary>Values that parsers trip over more often than over random ones.</summary>
    static readonly byte[] Edges = [0, 1, 0x7f, 0x80, 0xff];

    static readonly Gen<byte> Value = Gen.OneOf(Gen.Byte, Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]));

    public static Gen<byte[]> From(IReadOnlyList<byte[]> seeds) =>
        from seed in Gen.Int[0, seeds.Count - 1]
        let bytes = seeds[seed]
        from changes in Gen.Select(Gen.Int[0, bytes.Length - 1], Value).Array[0, 6]
        from length in Gen.OneOf(Gen.Const(bytes.Length), Gen.Int[0, bytes.Length])
        select Apply(bytes, changes, length);

    static byte[] Apply(byte[] seed, (int At, byte Value)[] changes, int length)
    {
        var bytes = seed.ToArray();
        foreach (var (at, value) in changes)
        {
            bytes[at] = value;
        }

        return bytes[..length];
    }
}
