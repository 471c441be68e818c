using ServeFlow.Training.Reports.Pages;
using Xunit;

namespace ServeFlow.Training.Tests.Reports.Pages;

public sealed class CsvTableTests
{
    [Fact]
    public void ToString_CommasAndQuotes_AreQuotedAndLinesEscaped() => Assert.Equal(
        "name,value\n\"a,b\",1\n\"say \"\"so\"\"\",2\ntwo\\x0alines,3\nplain,4\n",
        new CsvTable("x", ["name", "value"], [["a,b", "1"], ["say \"so\"", "2"], ["two\nlines", "3"], ["plain", "4"]])
            .ToString());
}
