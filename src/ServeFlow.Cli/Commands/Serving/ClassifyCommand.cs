using System.CommandLine;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary><c>classify</c>: capture files in, records out.</summary>
static class ClassifyCommand
{
    const string Help = """
        Classifies the flows of captures at full speed.

        Examples:
          serveflow classify bundle -r traffic.pcap | jq -c 'select(.event_type=="flow") | .serveflow.label'
          serveflow classify bundle -r captures/ --format zeek -w conn.log
          zcat traffic.pcap.gz | serveflow classify bundle -r - -w records.json
          serveflow classify --model service=services/ --model device=devices/ -r traffic.pcap -w records.json
        """;

    static readonly FlowArguments FlowRules = new("that of the bundle");
    static readonly ExpansionArguments Expansion = new();
    static readonly RecordLimitArguments RecordLimits = new();
    static readonly RemoteTierArguments RemoteTier = new();
    static readonly ClusterTierArguments ClusterTier = new();

    public static Command Create()
    {
        var bundle = new Argument<string?>("BUNDLE")
        {
            Description = "A bundle written by 'train', or one version of it",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var models = new Option<string[]>("--model")
        {
            Description = TaskArguments.Description,
            HelpName = TaskArguments.Form,
            Validators = { TaskArguments.CheckValues },
        };
        var read = CaptureOptions.Read();
        var write = PathOptions.Write("Output file; by default standard output (with --json: nowhere)");
        var format = new Option<string>("--format")
        {
            Description = "Output format: EVE JSON Lines, CSV, Zeek conn.log or Parquet",
            HelpName = "eve|csv|zeek|parquet",
            DefaultValueFactory = _ => RecordFormat.Eve,
        };
        format.AcceptOnlyFromAmong([.. RecordFormat.Names]);
        var names = new Option<string>("--csv-names")
        {
            Description = "Column names of CSV: those of EVE, flattened, or those of NFStream",
            HelpName = "eve|nfstream",
            DefaultValueFactory = _ => "eve",
        };
        names.AcceptOnlyFromAmong("eve", "nfstream");
        var safe = OutputOptions.SafeCells();
        var (workers, seed) = (Workers(), CommunityIdSeed());
        var join = CaptureOptions.Join();
        var window =
            CaptureOptions.Window("Check that the bundle classifies windows of this length, and stop if it does not");
        var json = OutputOptions.Json();
        var command = new Command("classify", Help)
        {
            bundle, models, read, write, format, names, safe, workers, seed, join, window, json,
        };
        FlowRules.AddTo(command);
        Expansion.AddTo(command);
        RecordLimits.AddTo(command);
        RemoteTier.AddTo(command, waits: null);
        ClusterTier.AddTo(command, waits: null, RemoteTier.Tier);
        foreach (var option in new Option[] { names, safe })
        {
            command.Require(option, result => result.GetValue(format) == RecordFormat.Csv,
                "is about CSV: give --format csv, or leave it out");
        }

        command.Validators.Add(result => TaskArguments.CheckBundle(result, bundle,
            result.GetValue(models) is { Length: > 0 }, $"--model {TaskArguments.Form} for each of several tasks"));
        command.SetRun((parsed, stop) => new Classify
        {
            Bundles = parsed.GetValue(bundle) is { } one ? [("", one)]
                : TaskArguments.Parse(parsed.GetValue(models) ?? []),
            Path = parsed.GetRequiredValue(read),
            Expansion = Expansion.Read(parsed),
            Output = parsed.GetValue(write),
            Format = parsed.GetRequiredValue(format),
            NFStreamNames = parsed.GetValue(names) == "nfstream",
            HasSafeCells = parsed.GetValue(safe),
            Workers = parsed.GetValue(workers),
            CommunityIdSeed = parsed.GetValue(seed),
            Join = parsed.GetValue(join),
            Flows = FlowRules.Read(parsed),
            Limits = RecordLimits.Read(parsed),
            Window = parsed.GetValue(window),
            Remote = RemoteTier.Read(parsed, waits: true),
            Cluster = ClusterTier.Read(parsed, waits: true, parsed.GetValue(workers)),
            Json = parsed.GetValue(json),
        }.Run(stop));
        return command;
    }

    static Option<int> Workers() => NumberOptions.CreateThreads("--workers",
        "Worker threads, for several captures or for the flows of one; the records stay the same", 1);

    static Option<ushort> CommunityIdSeed() => NumberOptions.Create<ushort>("--community-id-seed", "N",
        "Seed of the Community ID, 0 to 65535; use the same in all tools", 0, ushort.MaxValue, 0);
}
