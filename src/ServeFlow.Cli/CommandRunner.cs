using System.CommandLine;

namespace ServeFlow.Cli;

/// <summary>Runs the verb that was asked for and turns what goes wrong into one line and an exit code.</summary>
static class CommandRunner
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    /// <summary>What an interrupted verb has to finish and flush, before it is ended the hard way.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gives a verb its work. It runs on a thread of its own, because signals are heeded only once the action has
    /// returned its task.
    /// </summary>
    public static void SetRun(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancel) => Task.Run(() => run(parsed, cancel), CancellationToken.None));

    public static int Run(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine($"serveflow: {error.Message}");
            }

            Console.Error.WriteLine("serveflow: see 'serveflow --help'");
            return Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = Grace,
            });
        }
        catch (InputException e)
        {
            Console.Error.WriteLine($"serveflow: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("serveflow: interrupted");
            return Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"serveflow: {e.Message}");
            return Failed;
        }
    }
}
