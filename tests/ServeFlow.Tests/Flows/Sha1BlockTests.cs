using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CsCheck;
using ServeFlow.Flows;
using Xunit;

namespace ServeFlow.Tests.Flows;

public sealed class Sha1BlockTests
{
    [Fact]
    [SuppressMessage("Security", "CA5350", Justification = "the oracle of our own")]
    public void Hash_AnyShortMessage_IsTheBaseLibrarys() =>
        Gen.Byte.Array[0, Sha1Block.LongestMessage].Sample(message =>
        {
            var hash = new byte[Sha1Block.HashLength];
            Sha1Block.Hash(message, hash);
            Assert.Equal(SHA1.HashData(message), hash);
        }, iter: 10_000);

    [Fact]
    public void Hash_MessageOfTwoBlocks_IsRefused() => Assert.Throws<ArgumentException>(() =>
        Sha1Block.Hash(new byte[Sha1Block.LongestMessage + 1], new byte[Sha1Block.HashLength]));
}
