using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Checks options about how long flows wait for a tier that is computed elsewhere.</summary>
static class AnswerWait
{
    /// <summary>Refuses an option where the run waits for every answer.</summary>
    public static void Refuse(Command command, Option option, Func<CommandResult, bool> waits) =>
        command.Require(option, result => !waits(result), "is about links and replays in time, and a replay at "
            + "full speed waits for every answer: leave it out");

    /// <summary>Checks that a stop has time left for the outputs.</summary>
    /// <param name="option">The option that gives the deadline.</param>
    /// <param name="milliseconds">The deadline.</param>
    /// <param name="stopTimeout">How long a stop may take.</param>
    /// <param name="answerer">What is waited for, as in "the cluster".</param>
    /// <exception cref="InputException">It has none.</exception>
    public static void CheckStop(Option option, double milliseconds, TimeSpan stopTimeout, string answerer)
    {
        if (milliseconds > stopTimeout.TotalMilliseconds / 2)
        {
            throw new InputException($"{option.Name}: is more than half of --stop-timeout "
                + $"({stopTimeout.TotalSeconds} s), and a stop waits for {answerer} before it completes the outputs: "
                + "give less, or a longer stop");
        }
    }
}
