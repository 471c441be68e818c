using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>Names that are not UTF-8 come through the command line.</summary>
public sealed class RawArgumentsTests
{
    [Fact]
    public void Restore_NameThatIsNotUtf8_IsTheLastWordsOfTheProcess() => Assert.Equal(["-r", "caf\udce9", ""],
        RawArguments.Restore(["-r", "caf\ufffd", ""], [.. "serveflow.dll\0-r\0caf"u8, 0xe9, .. "\0\0"u8]));

    [Fact]
    public void Restore_Utf8_IsLeftAlone() =>
        Assert.Equal(["-r", "café"], RawArguments.Restore(["-r", "café"]));

    [Fact]
    public void Find_OutputThatIsNotUtf8_IsRefused()
    {
        string[] words = ["flows", "-r", "caf\udce9", "-w", "out\udce9"];

        Assert.Equal(["'out\\xe9' is not UTF-8, which only a capture's name may be: rename it, or give another"],
            UnknownWords.Find(CommandRunner.Parse(RootVerbs.Create(), words), words));
    }
}
