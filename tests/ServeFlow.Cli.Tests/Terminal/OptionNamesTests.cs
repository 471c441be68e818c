using System.CommandLine;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>Errors below the command line point at settings; the user reads the options that set them.</summary>
public sealed class OptionNamesTests
{
    static readonly RootCommand Root = RootVerbs.Create();

    public static TheoryData<Setting> Settings => new(Enum.GetValues<Setting>());

    [Theory]
    [MemberData(nameof(Settings))]
    public void Find_EverySetting_IsAnOptionOfItsVerb(Setting setting)
    {
        var (verb, name) = OptionNames.Find(setting);

        Assert.Contains(name, Verb(verb).Options.Select(option => option.Name));
    }

    [Theory]
    [InlineData("train", "too few captures (--hold-out)")]
    [InlineData("evaluate", "too few captures (train --hold-out)")]
    public void From_Setting_NamesTheOptionAsTheVerbHasIt(string verb, string expected) => Assert.Equal(expected,
        UserMessage.From(new InputException("too few captures") { Settings = [Setting.HoldOut] }, Verb(verb)));

    [Fact]
    public void From_OptionThatTheMessageQuotes_IsNotSaidAgain() => Assert.Equal("--tiers x: bad",
        UserMessage.From(new InputException("--tiers x: bad") { Settings = [Setting.Tiers] }, Verb("train")));

    static Command Verb(string name) => Root.Subcommands.Single(verb => verb.Name == name);
}
