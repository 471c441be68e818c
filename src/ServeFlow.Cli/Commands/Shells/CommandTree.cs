using System.CommandLine;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary>Provides the commands with their options, as shells complete them and manual pages list them.</summary>
static class CommandTree
{
    /// <summary>Gets a command and all below it, each before those below it.</summary>
    /// <param name="words">The words that lead to the command; empty for the program itself.</param>
    public static IEnumerable<CommandNode> Walk(Command command, params string[] words) => Children(command)
        .SelectMany(child => Walk(child, [.. words, child.Name]))
        .Prepend(new(command, words));

    /// <summary>Gets the commands right below one.</summary>
    public static IEnumerable<Command> Children(Command command) => command.Subcommands.Where(child => !child.Hidden);
}

/// <summary>Represents a command at its place.</summary>
/// <param name="Words">The words that lead to it; empty for the program itself.</param>
sealed record CommandNode(Command Command, IReadOnlyList<string> Words)
{
    /// <summary>Gets the words as one, such as <c>bench rate</c>.</summary>
    public string Path => string.Join(' ', Words);

    public bool HasChildren => CommandTree.Children(Command).Any();

    public string Summary => FirstSentence(Command.Description);

    /// <summary>Gets the options that it takes, those that hold for all commands below another included.</summary>
    public IEnumerable<Option> Options => Command.Options.Concat(Ancestors(Command)
            .SelectMany(parent => parent.Options.Where(option => option.Recursive)))
        .Where(option => !option.Hidden);

    /// <summary>Gets the first sentence of a help text, without its full stop.</summary>
    public static string FirstSentence(string? text)
    {
        var line = (text ?? "").ReplaceLineEndings(" ");
        var end = line.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? line : line[..end]).Trim().TrimEnd('.');
    }

    static IEnumerable<Command> Ancestors(Command command) => command.Parents.OfType<Command>()
        .SelectMany(parent => Ancestors(parent).Prepend(parent));
}

/// <summary>Tells what a shell completes as the value of an option.</summary>
enum ValueKind
{
    /// <summary>The option is a switch.</summary>
    None,

    Word,
    Choice,
    File,
    Directory,
    Interface,
    User,
}

/// <summary>Reads from an option's help how its value is completed.</summary>
static class OptionValues
{
    /// <summary>Gets the names of an option, the short ones first.</summary>
    public static IReadOnlyList<string> Names(Option option) =>
        [.. option.Aliases.Append(option.Name).Where(name => name[0] == '-').Distinct().OrderBy(name => name.Length)];

    public static ValueKind Kind(Option option) =>
        option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0 ? ValueKind.None
        : Choices(option).Count > 1 ? ValueKind.Choice
        : (option.HelpName ?? "").Split('|')[0] switch
        {
            "DIR" => ValueKind.Directory,
            "IFACE" => ValueKind.Interface,
            "NAME" when option.Name == "--user" => ValueKind.User,
            "FILE" or "PATH" or "CSV" or "OUT" or "BUNDLE" => ValueKind.File,
            _ => ValueKind.Word,
        };

    /// <summary>Gets the words that the value may be; words in capitals stand for values and are none.</summary>
    public static IReadOnlyList<string> Choices(Option option) =>
        [.. (option.HelpName ?? "").Split('|').Where(word => word.Length > 0
            && word.All(c => char.IsAsciiLetterLower(c) || c is '_' or '-' || char.IsAsciiDigit(c)))];
}
