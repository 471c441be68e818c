using System.CommandLine;
using System.Text;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary>Writes a completion for zsh: a function for each command.</summary>
static class ZshCompletion
{
    public static string Write(Command root)
    {
        var text = new StringBuilder("#compdef serveflow\n"
            + "# Completion for zsh; 'serveflow completion zsh' writes it.\n");
        foreach (var node in CommandTree.Walk(root))
        {
            text.Append($"\n{Function(node.Words)}() {{\n  local line state\n  _arguments -s -C \\\n");
            foreach (var option in node.Options)
            {
                text.Append($"    {Describe(option)} \\\n");
            }

            text.Append(node.HasChildren ? Branches(node) : "    '*: :_files'\n");
            text.Append("}\n");
        }

        return text.Append("\n_serveflow \"$@\"\n").ToString();
    }

    static string Branches(CommandNode node)
    {
        var text = new StringBuilder("    '1: :->verb' '*:: :->rest'\n"
            + "  case $state in\n    verb)\n      local -a verbs=(\n");
        foreach (var child in CommandTree.Children(node.Command))
        {
            text.Append($"        '{child.Name}:{Escape(CommandNode.FirstSentence(child.Description))}'\n");
        }

        text.Append("      )\n      _describe command verbs ;;\n    rest)\n      case $line[1] in\n");
        foreach (var child in CommandTree.Children(node.Command))
        {
            text.Append($"        {child.Name}) {Function([.. node.Words, child.Name])} ;;\n");
        }

        return text.Append("      esac ;;\n  esac\n").ToString();
    }

    static string Function(IReadOnlyList<string> words) => string.Join('_', words.Prepend("_serveflow"));

    static string Describe(Option option)
    {
        var names = OptionValues.Names(option);
        var help = $"[{Escape(CommandNode.FirstSentence(option.Description))}]{Value(option)}";
        return string.Join(' ', names.Select(name => $"'*{name}{help}'"));
    }

    static string Value(Option option) => OptionValues.Kind(option) switch
    {
        ValueKind.None => "",
        ValueKind.Choice => $": :({string.Join(' ', OptionValues.Choices(option))})",
        ValueKind.File => ": :_files",
        ValueKind.Directory => ": :_files -/",
        ValueKind.Interface => ": :_net_interfaces",
        ValueKind.User => ": :_users",
        _ => ": : ",
    };

    static string Escape(string text) => text.Replace("\\", "\\\\").Replace("[", "\\[").Replace("]", "\\]")
        .Replace(":", "\\:").Replace("'", "'\\''");
}
