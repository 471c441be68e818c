using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cluster;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Represents the options that have a tier computed by a cluster of workers.</summary>
sealed class ClusterTierArguments
{
    readonly ClusterArguments cluster = new("Have the last tier computed by the workers of this cluster, where they "
        + "have the same bundle ('serveflow worker')");

    readonly Option<double> deadline = NumberOptions.Create("--cluster-deadline", "MS",
        "Longest time in milliseconds that a flow waits for a worker; then it keeps the answer of the tier before",
        1, 20_000, RemoteTierOptions.DefaultDeadline.TotalMilliseconds);

    readonly Option<int> credits = NumberOptions.Create("--cluster-credits", "N",
        "Batches of at most 512 flows that each thread of --workers may have away at a time", 1, 64,
        RemoteTierOptions.DefaultCredits);

    readonly Option<int?> local = NumberOptions.CreateOptional("--cluster-local", "N",
        "Batches that cores of this sensor compute at a time before one goes to the cluster. Default: the cores that "
        + "--workers leave, less one", 0, 1024);

    readonly Option<string?> name = new("--cluster-name")
    {
        Description = "The sensor's name in the cluster, where each has its own ('serveflow ctl fleet'): letters, "
            + "digits, '.', '-' and '_'. Default: the machine's name",
        HelpName = "NAME",
        Validators = { PathOptions.NotEmpty, CheckName },
    };

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public IReadOnlyList<SettingRow> Rows =>
    [
        .. cluster.Rows, new("cluster.deadline", deadline), new("cluster.credits", credits),
        new("cluster.local", local), new("cluster.name", name),
    ];

    /// <param name="waits">Tells whether a run waits for every answer; null where the verb always does.</param>
    /// <param name="other">The option that has a tier computed in another way.</param>
    public void AddTo(Command command, Func<CommandResult, bool>? waits, Option other)
    {
        cluster.AddTo(command, needsId: true);
        command.Require(cluster.Id, result => !OptionRules.IsGiven(result, other),
            $"has the last tier computed, and so has {other.Name}: give one of them");
        if (waits is null)
        {
            return;
        }

        Option[] own = [deadline, credits, local, name];
        foreach (var option in own)
        {
            command.Options.Add(option);
            AnswerWait.Refuse(command, option, waits);
        }

        command.RequireWith(cluster.Id, "is about a cluster that computes a tier: name it with --cluster, or leave it "
            + "out", own);
    }

    /// <summary>Returns what reads the options, with the files that they name; null where no cluster computes a
    /// tier.</summary>
    /// <param name="waits">Whether workers wait for every answer.</param>
    /// <param name="threads">The sensor's own worker threads.</param>
    /// <param name="stopTimeout">How long a stop may take.</param>
    /// <exception cref="InputException">A stop would have no time left for the outputs.</exception>
    public Func<ClusterTierOptions>? Read(ParseResult parsed, bool waits, int threads, TimeSpan stopTimeout = default)
    {
        if (!OptionRules.IsGiven(parsed.CommandResult, cluster.Id))
        {
            return null;
        }

        if (!waits)
        {
            AnswerWait.CheckStop(deadline, parsed.GetValue(deadline), stopTimeout, "the cluster");
        }

        return () => ReadFiles(parsed, waits, threads);
    }

    ClusterTierOptions ReadFiles(ParseResult parsed, bool waits, int threads)
    {
        var tier = new ClusterTierOptions { Cluster = cluster.Read(parsed)!, Waits = waits };
        return waits ? tier : tier with
        {
            Deadline = TimeSpan.FromMilliseconds(parsed.GetValue(deadline)),
            Credits = parsed.GetValue(credits),
            Name = parsed.GetValue(name) ?? Environment.MachineName,
            LocalBatches = parsed.GetValue(local) ?? Math.Max(0, Environment.ProcessorCount - threads - 1),
        };
    }

    static void CheckName(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { Length: > 0 } text && !ClusterTierOptions.IsName(text))
        {
            result.AddError($"{result.Option.Name} '{text}': give at most 100 letters, digits, '.', '-' and '_'");
        }
    }
}
