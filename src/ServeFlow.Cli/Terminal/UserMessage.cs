using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Formats what went wrong as the one line that the user reads: no line break and no control character of some file
/// reaches a terminal.
/// </summary>
static class UserMessage
{
    /// <summary>Leaves room for a path and a sentence; a file taken for a text may be one endless line.</summary>
    const int MaxLength = 1500;

    /// <summary>ENOSPC of Linux, which the base library hands on as it is.</summary>
    const int NoSpace = 28;

    /// <summary>EDQUOT of Linux.</summary>
    const int QuotaExceeded = 122;

    /// <param name="verb">The verb that failed; the message names its options.</param>
    public static string From(Exception e, Command verb) => OneLine(e switch
    {
        InputException { Settings.Count: > 0 } input => WithOptions(input, verb),
        IOException { HResult: NoSpace or QuotaExceeded } =>
            $"{e.Message.TrimEnd('.')}; make room there, or give another place",
        _ when e is InputException || e.IsFileFailure => e.Message,
        OutOfMemoryException => "out of memory; give fewer captures, or smaller --depths",
        _ => $"internal error, please report it: {e.GetType().Name}: {Words(e.Message)}",
    });

    /// <summary>Adds the options to set otherwise, unless the message quotes them.</summary>
    static string WithOptions(InputException e, Command verb)
    {
        string[] missing = [.. OptionNames.Find(e.Settings, verb).Where(name => !e.Message.Contains(name))];
        return missing.Length > 0 ? $"{e.Message} ({string.Join(", ", missing)})" : e.Message;
    }

    /// <summary>All that is wrong with a command line, and where to read how it goes.</summary>
    /// <param name="unknown">Words that stand for nothing: where there are some, they alone are named.</param>
    public static string From(ParseResult parsed, IReadOnlyList<string> unknown)
    {
        var errors = unknown.Count > 0 ? unknown
            : parsed.UnmatchedTokens.Count > 0
                ? parsed.UnmatchedTokens.Select(word => $"'{word}': one argument too many")
            : parsed.Errors.Select(Text);
        return OneLine(string.Join("; ", errors.Distinct()))
            + $" (see 'serveflow {Verb(parsed.CommandResult)}--help')";
    }

    /// <summary>Returns the verb with those it belongs to, such as <c>bench model</c>; empty without one.</summary>
    static string Verb(CommandResult command) => command.Parent is CommandResult parent
        ? $"{Verb(parent)}{command.Command.Name} "
        : "";

    /// <summary>Formats one error of a command line; the text names its option.</summary>
    internal static string Text(ParseError error)
    {
        var text = Choices(Words(error.Message.TrimEnd('.')));
        var name = (error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult)?.Option.Name;
        return name is null || text.Contains(name, StringComparison.Ordinal) ? text : $"{name}: {text}";
    }

    /// <summary>Words the parser's message about a value that is none of several as all others are worded.</summary>
    static string Choices(string text)
    {
        const string Begin = "Argument '", Middle = "' not recognized. Must be one of: ";
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        return text.StartsWith(Begin, StringComparison.Ordinal) && middle > 0
            ? $"'{text[Begin.Length..middle]}': give {string.Join(" or ", text[(middle + Middle.Length)..].Split(' '))}"
            : text;
    }

    /// <summary>Returns a message as one line; line breaks and other control characters of names are escaped.</summary>
    public static string OneLine(string text)
    {
        var line = PrintableText.Escape(text.Trim());
        return line.Length < MaxLength ? line : line[..MaxLength] + " …";
    }

    /// <summary>Returns a text of another program, whose line breaks are layout, as words with single spaces.</summary>
    static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
