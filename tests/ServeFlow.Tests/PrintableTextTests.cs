using Xunit;

namespace ServeFlow.Tests;

/// <summary>Names and labels that would command a terminal, a table or a spreadsheet.</summary>
public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain name.pcap", "plain name.pcap")]
    [InlineData("voz é 映像 😀", "voz é 映像 😀")]
    [InlineData("a\\b", "a\\b")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("one\nserveflow: all is well", "one\\x0aserveflow: all is well")]
    [InlineData("a\rb\tc\0d\u007fe", "a\\x0db\\x09c\\x00d\\x7fe")]
    [InlineData("\u009b2Jc1\u0085next", "\\x9b2Jc1\\x85next")]
    [InlineData("gpj\u202egnp.pcap", "gpj\\u202egnp.pcap")]
    [InlineData("\u2066isolated\u2069\u200f\u061c", "\\u2066isolated\\u2069\\u200f\\u061c")]
    [InlineData("line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029")]
    [InlineData("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff")]
    [InlineData("tag\U000e0001", "tag\\U000e0001")]
    [InlineData("می\u200cخواهم", "می\u200cخواهم")]
    public void Escape_EveryCharacterThatCommands_IsItsNumber(string text, string expected)
    {
        Assert.Equal(expected, PrintableText.Escape(text));
        Assert.Equal(text == expected, PrintableText.IsPrintable(text));
        Assert.True(PrintableText.IsPrintable(expected));
    }

    [Fact]
    public void Escape_HalfOfACharacter_IsItsNumber()
    {
        Assert.Equal("byte\\xe9 pair💀", PrintableText.Escape("byte\udce9 pair💀"));
        Assert.Equal("half\\ud83d", PrintableText.Escape("half\ud83d"));
        Assert.False(PrintableText.IsPrintable("\udce9"));
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1+2", "'+1+2")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData(" =1", "' =1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("\t=1", "\\x09=1")]
    [InlineData("-1.5e3", "-1.5e3")]
    [InlineData("a=b", "a=b")]
    [InlineData("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    public void Format_SafeCell_IsNoFormula(string text, string expected) =>
        Assert.Equal(expected, CsvCell.Format(text, isSafe: true));

    [Theory]
    [InlineData("=1+2", "=1+2")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "a\\x0ab")]
    public void Format_Cell_IsOneCellOfOneLine(string text, string expected) =>
        Assert.Equal(expected, CsvCell.Format(text));

    [Theory]
    [InlineData("video-call", null)]
    [InlineData("WWW & <more>", null)]
    [InlineData("", "empty")]
    [InlineData("\u001b[2J", "\\x1b[2J")]
    [InlineData("web\u202e", "web\\u202e")]
    public void FindProblem_Label_IsNamedWhereItCannotBeUsed(string label, string? named)
    {
        if (named is null)
        {
            Assert.Null(LabelText.FindProblem(label));
        }
        else
        {
            Assert.Contains(named, LabelText.FindProblem(label));
        }
    }

    [Fact]
    public void FindProblem_LongLabel_SaysHowLong()
    {
        Assert.Null(LabelText.FindProblem(new('x', LabelText.MaxLength)));
        Assert.Contains("has 256 characters, at most 255", LabelText.FindProblem(new('x', 256)));
    }
}
