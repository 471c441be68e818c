using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Packets.Live;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// <c>serve</c>: packets from links, or from captures as if from a link; records as flows are decided.
/// </summary>
sealed partial class ServeCommand : Command, IHandlesSignals, ITakesConfiguration
{
    const string Help = """
        Classifies the flows of a link as they happen, or of a capture that is replayed. By default records go to
        standard output as EVE JSON Lines. Any number of outputs may be combined.

        Examples:
          serveflow serve bundle -i eth0 --eve /var/log/serveflow/eve.json
          serveflow serve bundle -i eth0 -i eth1 --workers 4 --zeek conn.log --parquet flows/ 'tcp or udp'
          serveflow serve bundle -i eth0 --eve eve.json --http 127.0.0.1:9464 --http unix:/run/serveflow/serveflow.sock
          serveflow serve models/ --model iot -i eth0 --eve eve.json --http unix:/run/serveflow/serveflow.sock
          serveflow serve --model service=services/ --model device=devices/ -i eth0 --eve eve.json
          serveflow serve models/ --model iot@2 --canary iot@3=0.1 --shadow web@7 -i eth0 --eve eve.json
          serveflow serve -c /etc/serveflow/serveflow.yaml
          serveflow serve bundle -r traffic.pcap --speed 10 | jq -c .serveflow.label
          serveflow serve bundle -i eth0 --socket tcp:logs.example.net:5170 --spool /var/lib/serveflow/spool
          serveflow serve bundle -i eth0 --low-latency --workers 2 --socket unix:/run/decisions.sock
          serveflow serve bundle -i eth0 --eve eve.json --cluster serveflow
          serveflow serve bundle -i eth0 --eve eve.json --dump-flows 'confidence<0.5' --dump-to unsure/ -C 100 -W 20

        SIGINT or SIGTERM ends every flow, writes all records, within --stop-timeout, and prints the packets captured
        and dropped. A second signal exits at once. SIGHUP reopens the files, for log rotation, and reads the
        configuration and the folder of bundles again. Where a record was lost the exit code is 1.

        Options may also stand in a configuration file (-c) and in variables such as SERVEFLOW__CAPTURE__WORKERS; see
        'serveflow config --help'. An option overrides a variable, and that the file. Without BUNDLE and -c,
        /etc/serveflow/serveflow.yaml is read where it exists.
        """;

    /// <summary>Names the file that is read where no other one, and no bundle, is given.</summary>
    public const string DefaultFile = "/etc/serveflow/serveflow.yaml";

    static readonly Argument<string?> BundlePath = new("BUNDLE")
    {
        Description = "A bundle's folder, the folder of one version, or a folder of bundles (--model); it may stand in "
            + "the configuration",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string[]> Model = new("--model")
    {
        Description = "Where BUNDLE is a folder of bundles: the one that answers first, by default the only one, in "
            + "its latest version. Or, without BUNDLE and once for each of several tasks: TASK=BUNDLE, such as "
            + "service=bundles/service",
        HelpName = "NAME[@VERSION]|TASK=BUNDLE",
        Validators = { PathOptions.NotEmpty, TaskArguments.CheckModelOrTasks },
    };

    static readonly Option<string?> ConfigurationFile = PathOptions.Configuration();

    static readonly Argument<string[]> Filter = new("FILTER")
    {
        Description = "A filter in libpcap's language, such as 'tcp port 443'; in one word or several",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string[]> Interfaces = new("--interface", "-i")
    {
        Description = "An interface to listen on; may be repeated; 'any' is all of them",
        HelpName = "IFACE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> Read = new("--read", "-r")
    {
        Description = "A capture file, a directory (searched recursively) or '-' (standard input), replayed as a link",
        HelpName = "PATH",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<double> Speed = new("--speed")
    {
        Description = "Speed of a replay: 1 as captured, 10 ten times faster, max at full speed (no records are lost)",
        HelpName = "X|max",
        DefaultValueFactory = _ => 1,
        CustomParser = ParseSpeed,
    };

    static readonly Option<int> Workers = NumberOptions.CreateThreads("--workers",
        "Worker threads; the flows are divided among them", 1);

    static readonly ExpansionArguments Expansion = new();

    static readonly RemoteTierArguments RemoteTier = new();

    static readonly ClusterTierArguments ClusterTier = new();

    static readonly FlowArguments FlowRules = new("that of the bundle");

    static readonly Option<long?> PacketLimit = NumberOptions.CreateOptional("--count", "N",
        "Stop after N packets", 1, long.MaxValue);

    static readonly Option<int> SnapLength = NumberOptions.Create("-s", "BYTES",
        "Bytes of each packet to capture", 1, 262_144, 262_144);

    static readonly Option<int> RingKib = NumberOptions.Create("--buffer", "KIB",
        "Size of the ring of each interface and worker, in KiB", 1, 4_194_304, 65_536);

    static readonly Option<bool> NotPromiscuous = new("--no-promiscuous-mode", "-p")
    {
        Description = "Capture only packets addressed to this machine",
    };

    static readonly Option<string> Backend = ChoiceOptions.Create("--backend", "Capture method", CaptureBackend.Auto);

    static readonly Option<bool> LowLatency = new("--low-latency")
    {
        Description = "Answer within microseconds of a packet, not up to 2 ms later. Costs a core for each worker "
            + "while packets come, and room: each packet takes 2 KiB of the ring, or its -s where that is less",
    };

    static readonly Option<double?> Duration = NumberOptions.CreateOptional("--duration", "SECONDS",
        "Stop after this time", 0.001, 1e9);

    static readonly Option<double> StopTimeout = NumberOptions.Create("--stop-timeout", "SECONDS",
        "At the end, the longest time that outputs may take for the records that still wait", 0.1, 1e6, 30.0);

    /// <summary>Specifies the seconds between statistics on a terminal, and in their file.</summary>
    const double DefaultInterval = 10;

    static readonly Option<double?> Interval = NumberOptions.CreateOptional("--stats-interval", "SECONDS",
        "Interval of statistics on standard error; 0 for none. Default: 10 on a terminal, in --stats-json and with "
        + "--json, else none", 0, 1e9);

    static readonly Option<string?> StatisticsFile = new("--stats-json")
    {
        Description = "Also write statistics to a file as JSON Lines; '-' is standard output",
        HelpName = "FILE|-",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<bool> Json = new("--json")
    {
        Description = "At the end, print one JSON object on standard output; statistics become JSON Lines",
    };

    ServeCommand() : base("serve", Help)
    {
    }

    public static ServeCommand Create()
    {
        RingKib.Aliases.Add("-B");
        var command = new ServeCommand
        {
            BundlePath, Filter, ConfigurationFile, Model, Interfaces, Read, Speed, Workers, PacketLimit, SnapLength,
            RingKib, NotPromiscuous, Backend, LowLatency, Duration, StopTimeout, Interval, StatisticsFile,
            Json,
        };
        DaemonArguments.AddTo(command);
        ServeModelArguments.AddTo(command);
        RemoteTier.AddTo(command, WaitsForAnswers);
        ClusterTier.AddTo(command, WaitsForAnswers, RemoteTier.Tier);
        LogArguments.AddTo(command);
        ServeHttpArguments.AddTo(command);
        ServeSinkArguments.AddTo(command);
        ServeDumpArguments.AddTo(command);
        FlowRules.AddTo(command);
        Expansion.AddTo(command);
        command.Validators.Add(CheckInput);
        command.RequireWith(Read, "is about replays, and a link has its own pace: leave it out", Speed);
        command.RequireWith(Interfaces, "is about interfaces, and packets come from captures: leave it out",
            SnapLength, RingKib, NotPromiscuous, Backend, LowLatency, DaemonArguments.OfInterfaces);
        command.Require(StatisticsFile,
            result => !OptionRules.IsGiven(result, Interval) || result.GetValue(Interval) > 0,
            "gets nothing with --stats-interval 0: give an interval, or leave it out");
        command.SetRun((parsed, _) => Run(ParseOptions(parsed), command.Reread, command.ReadSettings));
        command.settings = CreateTable(command);
        return command;
    }

    static int Run(ServeOptions options, Func<ServeReload?> reread, Func<IReadOnlyList<ShownSetting>> readSettings) =>
        LogArguments.Run(options.LogFormat, () => new Serve(options, reread, readSettings).Run());

    internal static ServeOptions ParseOptions(ParseResult parsed) => new()
    {
        Bundle = parsed.GetValue(BundlePath) ?? "",
        Model = parsed.GetValue(Model) is [var name] && !TaskArguments.IsTask(name) ? name : null,
        Tasks = TaskArguments.Parse((parsed.GetValue(Model) ?? []).Where(TaskArguments.IsTask)),
        Trials = ServeModelArguments.Read(parsed),
        Remote = RemoteTier.Read(parsed, WaitsForAnswers(parsed.CommandResult),
            TimeSpan.FromSeconds(parsed.GetValue(StopTimeout))),
        Cluster = ClusterTier.Read(parsed, WaitsForAnswers(parsed.CommandResult), parsed.GetValue(Workers),
            TimeSpan.FromSeconds(parsed.GetValue(StopTimeout))),
        Interfaces = parsed.GetValue(Interfaces) ?? [],
        Read = parsed.GetValue(Read),
        Expansion = Expansion.Read(parsed),
        Speed = parsed.GetValue(Speed),
        Filter = parsed.GetValue(Filter) is { Length: > 0 } words ? string.Join(' ', words) : null,
        Workers = parsed.GetValue(Workers),
        PacketLimit = parsed.GetValue(PacketLimit) ?? long.MaxValue,
        SnapLength = parsed.GetValue(SnapLength),
        Flows = FlowRules.Read(parsed),
        RingBytes = (long)parsed.GetValue(RingKib) << 10,
        Promiscuous = !parsed.GetValue(NotPromiscuous),
        Backend = parsed.GetChoice<CaptureBackend>(Backend),
        LowLatency = parsed.GetValue(LowLatency),
        Duration = parsed.GetValue(Duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        StopTimeout = TimeSpan.FromSeconds(parsed.GetValue(StopTimeout)),
        Sinks = ServeSinkArguments.Options(parsed),
        Dump = ServeDumpArguments.Options(parsed),
        StatisticsInterval = TimeSpan.FromSeconds(parsed.GetValue(Interval) ?? DefaultInterval),
        ShowsStatistics = parsed.GetValue(Interval) is not null,
        Http = ServeHttpArguments.Read(parsed),
        Daemon = DaemonArguments.Read(parsed),
        LogLevel = LogArguments.Read(parsed).Level,
        LogFormat = LogArguments.Read(parsed).Format,
        StatisticsFile = parsed.GetValue(StatisticsFile),
        Json = parsed.GetValue(Json),
    };

    static void CheckInput(CommandResult result)
    {
        TaskArguments.CheckBundle(result, BundlePath,
            OptionRules.IsGiven(result, Model) && result.GetValue(Model)!.Any(TaskArguments.IsTask),
            "set 'bundle' in a configuration (-c FILE)");
        var interfaces = result.GetValue(Interfaces) is { Length: > 0 };
        if (result.GetValue(Interfaces)?.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            result.AddError($"-i {twice.Key}: is given twice, and its packets would count twice: give it once");
        }

        if (interfaces == result.GetValue(Read) is not null)
        {
            result.AddError(interfaces ? "-i and -r: packets come from interfaces or from captures, not both"
                : "nowhere to take packets from: give -i IFACE or -r PATH");
        }
    }

    static double ParseSpeed(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (text == "max")
        {
            return double.PositiveInfinity;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed)
            && speed is >= 1e-3 and <= 1e6)
        {
            return speed;
        }

        result.AddError($"--speed '{text}': give a number from 0.001 to 1000000, or max");
        return 1;
    }
}
