using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServeFlow.Cli.Commands;

/// <summary>
/// Rules by which options need one another. An option that would have no effect is refused: whoever gives it expects
/// one.
/// </summary>
static class OptionRules
{
    /// <summary>Refuses an option that is given where a condition does not hold.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="remedy">Why the option has no effect, and what to give.</param>
    public static void Require(this Command command, Option option, Func<CommandResult, bool> holds, string remedy) =>
        command.Validators.Add(result =>
        {
            if (IsGiven(result, option) && !Holds(holds, result))
            {
                result.AddError($"{option.Name}: {remedy}");
            }
        });

    /// <summary>
    /// Refuses any other value of an option. Returns the option, so that this stands where it is made: an option that
    /// every command of its kind added the rule to would have it as often.
    /// </summary>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>A condition on a value that is wrong itself holds: that it is wrong is said, and enough.</summary>
    static bool Holds(Func<CommandResult, bool> condition, CommandResult result)
    {
        try
        {
            return condition(result);
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Refuses options that are given without another one.</summary>
    public static void RequireWith(this Command command, Option needed, string remedy, params Option[] options)
    {
        foreach (var option in options)
        {
            command.Require(option, result => IsGiven(result, needed), remedy);
        }
    }

    /// <summary>Determines whether an option stands on the command line.</summary>
    public static bool IsGiven(SymbolResult result, Option option) =>
        result.GetResult(option) is { Implicit: false };
}
