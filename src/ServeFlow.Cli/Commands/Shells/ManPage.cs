using System.CommandLine;
using System.Text;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary>Writes the help of a command as a manual page, in the macros of man(7).</summary>
static class ManPage
{
    /// <summary>Gets the pages by file name: one of the program, and one of each command right below it.</summary>
    public static IEnumerable<(string Name, string Text)> Write(Command root, string version)
    {
        var children = CommandTree.Children(root).ToList();
        yield return ("serveflow.1", Write(new(root, []), version, children));
        foreach (var child in children)
        {
            yield return ($"serveflow-{child.Name}.1", Write(new(child, [child.Name]), version, []));
        }
    }

    static string Write(CommandNode node, string version, IReadOnlyList<Command> pages)
    {
        var name = string.Join('-', node.Words.Prepend("serveflow"));
        var text = new StringBuilder($".TH {name.ToUpperInvariant()} "
            + $"1 \"{Date}\" \"serveflow {version}\" \"ServeFlow\"\n");
        text.Append($".SH NAME\n{name} \\- {Escape(LowerFirst(node.Summary))}\n.SH SYNOPSIS\n");
        text.AppendJoin(".br\n", Subtree(node).Where(one => !one.HasChildren || one.Words.Count == 0)
            .Select(one => $".B {Escape(string.Join(' ', one.Words.Prepend("serveflow")))}\n{Synopsis(one)}\n"));

        text.Append(".SH DESCRIPTION\n").Append(Paragraphs(node.Command.Description));
        AddCommands(text, pages);
        foreach (var one in Subtree(node))
        {
            AddOptions(text, one, one == Subtree(node).First());
        }

        return text.Append(".SH SEE ALSO\n").Append(pages.Count == 0 ? ".BR serveflow (1)\n"
            : string.Join(",\n", pages.Select(page => $".BR serveflow\\-{Escape(page.Name)} (1)")) + "\n").ToString();
    }

    /// <summary>The program's page lists its commands, whose options stand in their own pages.</summary>
    static IEnumerable<CommandNode> Subtree(CommandNode node) =>
        node.Words.Count == 0 ? [node] : CommandTree.Walk(node.Command, [.. node.Words]);

    static string Synopsis(CommandNode node) => node.Words.Count == 0 ? ".I COMMAND\n[options]"
        : string.Concat(node.Command.Arguments.Where(argument => !argument.Hidden)
            .Select(argument => $".I {Escape(argument.Name)}\n")) + "[options]";

    static void AddCommands(StringBuilder text, IReadOnlyList<Command> pages)
    {
        if (pages.Count > 0)
        {
            text.Append(".SH COMMANDS\n");
        }

        foreach (var page in pages)
        {
            text.Append($".TP\n.B {Escape(page.Name)}\n{Escape(CommandNode.FirstSentence(page.Description))}.\n");
        }
    }

    static void AddOptions(StringBuilder text, CommandNode node, bool isFirst)
    {
        if (!isFirst)
        {
            text.Append($".SH \"{Escape(node.Path.ToUpperInvariant())}\"\n");
            text.Append(Paragraphs(node.Command.Description));
        }

        text.Append(isFirst ? ".SH OPTIONS\n" : ".PP\nOptions:\n");
        foreach (var argument in node.Command.Arguments.Where(argument => !argument.Hidden))
        {
            text.Append($".TP\n.I {Escape(argument.Name)}\n{Escape(argument.Description)}.\n");
        }

        foreach (var option in node.Options)
        {
            var value = OptionValues.Kind(option) == ValueKind.None ? ""
                : $" \\fI{Escape(option.HelpName ?? "VALUE")}\\fR";
            var names = OptionValues.Names(option).Select(name => $"\\fB{Escape(name)}\\fR");
            text.Append($".TP\n{string.Join(", ", names)}{value}\n{Escape(option.Description)}.\n");
        }
    }

    /// <summary>Lines that are indented are commands to type, and stay as they are.</summary>
    static string Paragraphs(string? description)
    {
        var text = new StringBuilder();
        var isTyped = false;
        foreach (var line in (description ?? "").ReplaceLineEndings("\n").Split('\n'))
        {
            var typed = line.StartsWith("  ", StringComparison.Ordinal);
            text.Append(typed == isTyped ? "" : typed ? ".PP\n.nf\n.RS\n" : ".RE\n.fi\n");
            isTyped = typed;
            text.Append(line.Length == 0 ? ".PP\n" : $"{Escape(line.Trim())}\n");
        }

        return text.Append(isTyped ? ".RE\n.fi\n" : "").ToString().Replace(".PP\n.PP\n", ".PP\n");
    }

    /// <summary>Gets the day of the source, where the builder names it, so that two builds are alike.</summary>
    static string Date =>
        (long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UtcNow).ToString("yyyy-MM-dd");

    static string LowerFirst(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    static string Escape(string? text)
    {
        var safe = (text ?? "").ReplaceLineEndings(" ").Replace("\\", "\\e").Replace("-", "\\-");
        return safe is ['.' or '\'', ..] ? $"\\&{safe}" : safe;
    }
}
