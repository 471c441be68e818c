using ServeFlow.Cli.Commands.Control;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>Answers of a sensor as people read them.</summary>
public sealed class AnswerTextTests
{
    [Theory]
    [InlineData("""{"process":11876}""", "process  11876")]
    [InlineData("""{"packets":11876}""", "packets  11,876")]
    [InlineData("""{"ready":true}""", "ready  true")]
    [InlineData("""{"seconds":0.4,"messages":[]}""", "seconds  0.4")]
    [InlineData("""{"all":[{"name":"iot","version":3,"state":"READY"}]}""", "all[iot@3].name     iot")]
    public void Format_Value_IsReadAsWhatItIs(string json, string expected) =>
        Assert.StartsWith(expected, AnswerText.Format(json), StringComparison.Ordinal);

    [Fact]
    public void Format_EmptyList_HasNoLine() =>
        Assert.DoesNotContain("messages", AnswerText.Format("""{"seconds":0.4,"messages":[]}"""),
            StringComparison.Ordinal);

    [Fact]
    public void Format_SeveralMessages_EachHasALine()
    {
        Assert.Equal(["messages  worker a: x, y", "messages  worker b: z"], AnswerText.Format(
            """{"messages":["worker a: x, y","worker b: z"]}""").Split(Environment.NewLine));
    }
}
