using System.CommandLine;
using System.Text;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary>Writes a completion for bash: plain text of all commands, so that a key press starts no program.</summary>
static class BashCompletion
{
    const string Head = """
        # Completion for bash; 'serveflow completion bash' writes it.
        _serveflow() {
          local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb='' words='' i
          COMPREPLY=()
          for ((i = 1; i < COMP_CWORD; i++)); do
            case "$verb ${COMP_WORDS[i]}" in

        """;

    const string Tail = """
          esac
          if [[ $cur == -* ]]; then
            COMPREPLY=($(compgen -W "$options" -- "$cur"))
          elif [[ -n $words ]]; then
            COMPREPLY=($(compgen -W "$words" -- "$cur"))
          else
            COMPREPLY=($(compgen -f -- "$cur"))
          fi
        }
        complete -o filenames -F _serveflow serveflow

        """;

    public static string Write(Command root)
    {
        var nodes = CommandTree.Walk(root).ToList();
        var text = new StringBuilder(Head);
        foreach (var node in nodes.Where(node => node.Words.Count > 0))
        {
            var before = string.Join(' ', node.Words.SkipLast(1));
            text.Append($"      \"{before} {node.Words[^1]}\") verb=\"{node.Path}\" ;;\n");
        }

        text.Append("    esac\n  done\n  case \"$verb|$prev\" in\n");
        foreach (var node in nodes)
        {
            foreach (var option in node.Options.Where(option => OptionValues.Kind(option) != ValueKind.None))
            {
                var names = OptionValues.Names(option).Select(name => $"\"{node.Path}|{name}\"");
                text.Append($"    {string.Join('|', names)}) {Value(option)}; return ;;\n");
            }
        }

        text.Append("  esac\n  local options=''\n  case \"$verb\" in\n");
        nodes.ForEach(node => text.Append($"    \"{node.Path}\") options='{OptionNames(node)}' "
            + $"words='{string.Join(' ', CommandTree.Children(node.Command).Select(child => child.Name))}' ;;\n"));
        return text.Append(Tail).Replace("\r", "").ToString();
    }

    static string OptionNames(CommandNode node) => string.Join(' ', node.Options.SelectMany(OptionValues.Names));

    static string Value(Option option) => OptionValues.Kind(option) switch
    {
        ValueKind.Choice => $"COMPREPLY=($(compgen -W '{string.Join(' ', OptionValues.Choices(option))}' -- \"$cur\"))",
        ValueKind.File => "COMPREPLY=($(compgen -f -- \"$cur\"))",
        ValueKind.Directory => "COMPREPLY=($(compgen -d -- \"$cur\"))",
        ValueKind.Interface => "COMPREPLY=($(compgen -W \"$(ls /sys/class/net) any\" -- \"$cur\"))",
        ValueKind.User => "COMPREPLY=($(compgen -u -- \"$cur\"))",
        _ => ":",
    };
}
