using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Service;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Represents the options that have a tier computed by another server.</summary>
sealed class RemoteTierArguments
{
    readonly Option<string?> tier = new("--remote-tier")
    {
        Description = "Have the last tier computed by a server of the Open Inference Protocol, such as "
            + "slow=http://gpu1:8000/v2/models/slow or slow=grpc://gpu1:8001/slow; another ServeFlow's model has the "
            + "name of its bundle",
        HelpName = "TIER=URL",
        Validators = { PathOptions.NotEmpty, Check },
    };

    readonly Option<string?> tokenFile = new("--remote-token-file")
    {
        Description = "A file with a token to show to that server",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    readonly Option<double> deadline = NumberOptions.Create("--remote-deadline", "MS",
        "Longest time in milliseconds that a flow waits for that server; then it keeps the answer of the tier before",
        1, 20_000, RemoteTierOptions.DefaultDeadline.TotalMilliseconds);

    readonly Option<int> credits = NumberOptions.Create("--remote-credits", "N",
        "Batches of at most 512 flows that each worker may have away at a time", 1, 64,
        RemoteTierOptions.DefaultCredits);

    /// <summary>Gets the option that names the tier.</summary>
    public Option Tier => tier;

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public IReadOnlyList<SettingRow> Rows =>
    [
        new("remote.tier", tier), new("remote.token-file", tokenFile), new("remote.deadline", deadline),
        new("remote.credits", credits),
    ];

    /// <param name="waits">Tells whether a run waits for every answer; null where the verb always does.</param>
    public void AddTo(Command command, Func<CommandResult, bool>? waits)
    {
        command.Options.Add(tier);
        Option[] others = waits is null ? [tokenFile] : [tokenFile, deadline, credits];
        foreach (var option in others)
        {
            command.Options.Add(option);
        }

        foreach (var option in others.Skip(1))
        {
            AnswerWait.Refuse(command, option, waits!);
        }

        command.RequireWith(tier, "is about a tier that another server computes: name it with --remote-tier, or leave "
            + "it out", others);
    }

    /// <summary>Reads what was asked for; gives null where every tier is computed here.</summary>
    /// <param name="waits">Whether workers wait for every answer.</param>
    /// <param name="stopTimeout">How long a stop may take.</param>
    /// <exception cref="InputException">A stop would have no time left for the outputs.</exception>
    public RemoteTierOptions? Read(ParseResult parsed, bool waits, TimeSpan stopTimeout = default)
    {
        if (parsed.GetValue(tier) is not { } text)
        {
            return null;
        }

        var options = RemoteTierOptions.Parse(text) with
        {
            Waits = waits,
            ReadToken = parsed.GetValue(tokenFile) is { } file ? () => AccessToken.ReadText(file) : null,
        };
        if (!waits)
        {
            AnswerWait.CheckStop(deadline, parsed.GetValue(deadline), stopTimeout, "that server");
        }

        return waits ? options : options with
        {
            Deadline = TimeSpan.FromMilliseconds(parsed.GetValue(deadline)),
            Credits = parsed.GetValue(credits),
        };
    }

    static void Check(OptionResult result)
    {
        try
        {
            RemoteTierOptions.Parse(result.GetValueOrDefault<string>() ?? "");
        }
        catch (InputException e)
        {
            result.AddError($"--remote-tier {e.Message}");
        }
    }
}
