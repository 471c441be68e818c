using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Shells;

/// <summary><c>completion</c> and <c>man</c>: what shells and manuals know of the commands.</summary>
static class CompletionCommand
{
    const string Help = """
        Prints a script by which a shell completes commands and options. The Debian package installs all three.

        Examples:
          source <(serveflow completion bash)
          serveflow completion zsh > ~/.zfunc/_serveflow
          serveflow completion fish > ~/.config/fish/completions/serveflow.fish
        """;

    const string ManHelp = """
        Writes the help of all commands as manual pages into a directory. The Debian package installs them.

        Examples:
          serveflow man /usr/local/share/man/man1
        """;

    static readonly Dictionary<string, Func<Command, string>> shells = new()
    {
        ["bash"] = BashCompletion.Write,
        ["zsh"] = ZshCompletion.Write,
        ["fish"] = FishCompletion.Write,
    };

    static readonly Argument<string> Shell = new("SHELL")
    {
        Description = "bash, zsh or fish",
        Validators = { CheckShell },
    };

    static readonly Argument<string> Folder = new("DIR") { Description = "The directory; it is created" };

    public static Command Create()
    {
        var command = new Command("completion", Help) { Shell };
        command.SetRun((parsed, _) =>
        {
            Console.Out.Write(shells[parsed.GetRequiredValue(Shell)](parsed.RootCommandResult.Command));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    public static Command CreateMan()
    {
        var command = new Command("man", ManHelp) { Folder };
        command.SetRun((parsed, _) =>
        {
            var folder = parsed.GetRequiredValue(Folder);
            try
            {
                Directory.CreateDirectory(folder);
                foreach (var (name, text) in ManPage.Write(parsed.RootCommandResult.Command, Version))
                {
                    File.WriteAllText(Path.Combine(folder, name), text);
                }
            }
            catch (Exception e) when (e.IsFileFailure)
            {
                throw new InputException($"{folder}: cannot be written: {e.Message.TrimEnd('.')}: give another "
                    + "directory", e);
            }

            return CommandRunner.Succeeded;
        });
        return command;
    }

    static void CheckShell(ArgumentResult result)
    {
        if (result.Tokens is [var token] && !shells.ContainsKey(token.Value))
        {
            result.AddError($"no completion for '{InputException.Quote(token.Value)}': give bash or zsh or fish");
        }
    }

    static string Version => typeof(CompletionCommand).Assembly.GetName().Version!.ToString(3);
}
