using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CsCheck;
using ServeFlow.Flows.CommunityIds;
using Xunit;

namespace ServeFlow.Tests.Flows.CommunityIds;

public sealed class Sha1BlockTests
{
    [Fact]
    [SuppressMessage("Security", "CA5350", Justification = "the oracle of our own")]
    public void Hash_AnyShortMessage_IsTheBaseLibrarys() =>
        Gen.Byte.Array[0, Sha1Block.MaxMessageLength].Sample(message =>
        {
            var hash = new byte[Sha1Block.HashLength];
            Sha1Block.Hash(message, hash);
            Assert.Equal(SHA1.HashData(message), hash);
        }, iter: 10_000);

    [Fact]
    public void Lanes_AnyBlocks_AreTheBlocksOneByOne() =>
        Gen.Byte.Array[40].Array[Sha1Lanes.Lanes].Sample(messages =>
        {
            var blocks = new uint[Sha1Lanes.BlockWords * Sha1Lanes.Lanes];
            for (var lane = 0; lane < messages.Length; lane++)
            {
                var block = new byte[Sha1Block.BlockLength];
                messages[lane].CopyTo(block, 0);
                Sha1Block.Pad(block, messages[lane].Length);
                for (var t = 0; t < Sha1Lanes.BlockWords; t++)
                {
                    blocks[(t * Sha1Lanes.Lanes) + lane] = BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(4 * t));
                }
            }

            var hashes = new uint[Sha1Lanes.HashWords * Sha1Lanes.Lanes];
            Sha1Lanes.Hash(blocks, hashes);
            for (var lane = 0; lane < messages.Length; lane++)
            {
                var expected = new byte[Sha1Block.HashLength];
                Sha1Block.Hash(messages[lane], expected);
                Assert.All(Enumerable.Range(0, Sha1Lanes.HashWords), t => Assert.Equal(
                    BinaryPrimitives.ReadUInt32BigEndian(expected.AsSpan(4 * t)),
                    hashes[(t * Sha1Lanes.Lanes) + lane]));
            }
        }, iter: 2_000);

    [Fact]
    public void Hash_MessageOfTwoBlocks_IsRefused() => Assert.Throws<ArgumentException>(() =>
        Sha1Block.Hash(new byte[Sha1Block.MaxMessageLength + 1], new byte[Sha1Block.HashLength]));
}
