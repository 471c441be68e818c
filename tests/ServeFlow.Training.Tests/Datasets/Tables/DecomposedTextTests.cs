using ServeFlow.Training.Datasets.Tables;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Tables;

/// <summary>Texts of two encodings that look the same, as Unicode's NFC and NFD spell them.</summary>
public sealed class DecomposedTextTests
{
    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u1ec7", "e\u0323\u0302")]
    [InlineData("\u1eb9\u0302", "e\u0323\u0302")]
    [InlineData("e\u0302\u0323", "\u1ec7")]
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("\uac00", "\u1100\u1161")]
    [InlineData("\u304c", "\u304b\u3099")]
    [InlineData("\u0439", "\u0438\u0306")]
    [InlineData("\u212b", "A\u030a")]
    public void From_TwoSpellings_AreEqual(string one, string other) =>
        Assert.Equal(DecomposedText.From(one), DecomposedText.From(other));

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("\ud83d\ude00 e\u0301")]
    [InlineData("\u0301\u0301")]
    public void From_TextWithoutCompositeLetters_StaysAsItIs(string text) =>
        Assert.Equal(text, DecomposedText.From(text));

    [Fact]
    public void From_DifferentLetters_Differ() =>
        Assert.NotEqual(DecomposedText.From("\u00e9"), DecomposedText.From("\u00e8"));
}
