using System.CommandLine;
using System.CommandLine.Help;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Terminal;

/// <summary>Runs the verb that was asked for and turns what goes wrong into one line and an exit code.</summary>
static class CommandRunner
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>A name that begins with '@' is a name, not a file with further arguments.</summary>
    static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>128 + SIGPIPE: what a shell reports of a program whose reader has gone, as of <c>| head</c>.</summary>
    public const int ReaderGone = 141;

    /// <summary>Specifies the time that an interrupted verb has to finish and flush before it is killed.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    static volatile bool isWorking;

    /// <summary>
    /// Gives a verb its work. It runs on a thread of its own, because signals are heeded only once the action has
    /// returned its task.
    /// </summary>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, int> run)
    {
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            isWorking = true;
            try
            {
                return run(parsed, cancel);
            }
            finally
            {
                isWorking = false;
            }
        }, CancellationToken.None));
    }

    public static int Run(RootCommand root, string[] arguments)
    {
        var parsed = Parse(root, arguments);
        Notes.SetQuiet(parsed.GetValue<bool>(Notes.OptionName));
        if (parsed.CommandResult.Command == root)
        {
            ShortenDescriptions(root);
        }

        var unknown = UnknownWords.Find(parsed, arguments);
        if (unknown.Count == 0 && !IsHelp(parsed) && parsed.CommandResult.Command is ITakesConfiguration verb)
        {
            if (Configure(verb, parsed, arguments) is not { } configured)
            {
                return Failed;
            }

            parsed = Parse(root, configured);
        }

        if (parsed.Errors.Count > 0 || (unknown.Count > 0 && !IsHelp(parsed)))
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.From(parsed, unknown)}");
            return Usage;
        }

        var heedsSignals = parsed.CommandResult.Command is IHandlesSignals;
        using var hangUp = heedsSignals ? null : HangUp.EndVerb();
        try
        {
            var code = parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = heedsSignals ? null : Grace,
            });
            if (isWorking)
            {
                Console.Error.WriteLine($"serveflow: ended {Grace.TotalSeconds} s after the signal, with its work "
                    + (NamedOutputStream.Busy is { } output ? $"unfinished: the reader of {output} takes nothing"
                        : "unfinished"));
            }

            return code;
        }
        catch (Exception e)
        {
            // Threads that work side by side mostly fail for one reason: the first says it for all.
            var cause = e is AggregateException several ? several.Flatten().InnerExceptions[0] : e;
            return Report(cause, parsed.CommandResult.Command);
        }
    }

    /// <summary>Parses a command line, with the option that every verb has.</summary>
    public static ParseResult Parse(RootCommand root, string[] arguments)
    {
        if (root.Options.All(option => option.Name != Notes.OptionName))
        {
            root.Options.Add(Notes.CreateOption());
        }

        return root.Parse(arguments, Parser);
    }

    static bool IsHelp(ParseResult parsed) => parsed.Action is HelpAction;

    /// <summary>
    /// Gets the command line with what a configuration gives beside it; null where that is wrong, which is said, a line
    /// for each error.
    /// </summary>
    static string[]? Configure(ITakesConfiguration verb, ParseResult parsed, string[] arguments)
    {
        try
        {
            return verb.Configure(parsed, arguments, out var errors) is { } configured && errors.Count == 0
                ? configured
                : Say(errors);
        }
        catch (InputException e)
        {
            return Say([e.Message]);
        }
    }

    static string[]? Say(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(error)}");
        }

        SayWhereItRuns();
        return null;
    }

    /// <summary>
    /// Where no relative path leads anywhere, that is what is wrong, and no message about one of them says so.
    /// </summary>
    static void SayWhereItRuns()
    {
        if (WorkingDirectory.FindProblem() is { } problem)
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(problem)}");
        }
    }

    /// <summary>The list of verbs says what each is for; its examples belong to its own help.</summary>
    static void ShortenDescriptions(RootCommand root)
    {
        foreach (var verb in root.Subcommands)
        {
            verb.Description = verb.Description?.ReplaceLineEndings("\n").Split("\n\n")[0];
        }
    }

    /// <summary>Whatever it is, a user reads one line; who looks for a fault sets SERVEFLOW_TRACE.</summary>
    static int Report(Exception e, Command verb)
    {
        if (BrokenPipe.Is(e))
        {
            return ReaderGone; // quietly, as other tools: the reader has seen all it wanted
        }

        if (e is OperationCanceledException)
        {
            Console.Error.WriteLine("serveflow: interrupted");
            return Interrupted;
        }

        Console.Error.WriteLine($"serveflow: {UserMessage.From(e, verb)}");
        SayWhereItRuns();
        if (Environment.GetEnvironmentVariable("SERVEFLOW_TRACE") is { Length: > 0 })
        {
            Console.Error.WriteLine(e);
        }

        return Failed;
    }
}
