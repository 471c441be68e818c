using System.CommandLine;
using System.Text;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary>Writes a completion for fish: a line for each command and option.</summary>
static class FishCompletion
{
    public static string Write(Command root)
    {
        var text = new StringBuilder("# Completion for fish; 'serveflow completion fish' writes it.\n");
        foreach (var node in CommandTree.Walk(root))
        {
            var place = $"-n '{Condition(node)}'";
            foreach (var child in CommandTree.Children(node.Command))
            {
                text.Append($"complete -c serveflow -f {place} -a {child.Name} "
                    + $"-d '{Escape(CommandNode.FirstSentence(child.Description))}'\n");
            }

            foreach (var option in node.Options)
            {
                text.Append($"complete -c serveflow {place} {Names(option)} {Value(option)}"
                    + $"-d '{Escape(CommandNode.FirstSentence(option.Description))}'\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The command is given, and none of those below it.</summary>
    static string Condition(CommandNode node)
    {
        var below = string.Join(' ', CommandTree.Children(node.Command).Select(child => child.Name));
        var none = below.Length > 0 ? $"not __fish_seen_subcommand_from {below}" : "";
        var given = string.Join("; and ", node.Words.Select(word => $"__fish_seen_subcommand_from {word}"));
        return string.Join("; and ", new[] { given, none }.Where(part => part.Length > 0));
    }

    static string Names(Option option) => string.Join(' ', OptionValues.Names(option)
        .Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}"
            : name.Length == 2 ? $"-s {name[1]}" : $"-o {name[1..]}"));

    static string Value(Option option) => OptionValues.Kind(option) switch
    {
        ValueKind.None => "",
        ValueKind.Choice => $"-x -a '{string.Join(' ', OptionValues.Choices(option))}' ",
        ValueKind.File => "-r -F ",
        ValueKind.Directory => "-x -a '(__fish_complete_directories)' ",
        ValueKind.Interface => "-x -a '(__fish_print_interfaces) any' ",
        ValueKind.User => "-x -a '(__fish_complete_users)' ",
        _ => "-x ",
    };

    static string Escape(string text) => text.Replace("\\", "\\\\").Replace("'", "\\'");
}
