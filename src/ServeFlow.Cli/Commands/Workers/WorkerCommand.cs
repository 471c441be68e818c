using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cluster;
using ServeFlow.Onnx;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Workers;

/// <summary><c>worker</c>: computes the last tiers of bundles for sensors.</summary>
sealed class WorkerCommand : Command, IHandlesSignals, ITakesConfiguration
{
    const string Help = """
        Computes the last tiers of bundles for sensors: a node of the pool that 'serve --cluster' sends flows to. Give
        it the same version of the bundle as the sensors.

        Examples:
          serveflow worker bundle
          serveflow worker bundle --listen 127.0.0.1:30010 --threads 2
          serveflow worker models/iot/3 models/iot/4 --listen 10.0.0.5 --cluster edge --cluster-membership redis \
            --cluster-connection 10.0.0.1:6379 --cluster-cert worker.pem --cluster-ca ca.pem
          serveflow worker -c /etc/serveflow/worker.yaml

        Then, for a sensor on the same machine:
          serveflow serve bundle -i eth0 --eve eve.json --cluster serveflow

        SIGINT or SIGTERM makes the worker leave the cluster after it has answered the batches that it has. Options may
        also come from a configuration file (-c) and from variables such as SERVEFLOW__CLUSTER__ID. SIGHUP makes it read
        the file again: the level of messages can change while it runs.
        """;

    /// <summary>Names the cluster where none is named.</summary>
    const string UsualCluster = "serveflow";

    static readonly Argument<string[]> Bundles = new("BUNDLE")
    {
        Description = "Bundles' folders, or the folders of versions of them",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string[]> MoreBundles = new("--bundle")
    {
        Description = "One more bundle; may be repeated. In a configuration: all of them",
        HelpName = "BUNDLE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> ConfigurationFile = PathOptions.Configuration();

    static readonly Option<string> Listen = new("--listen")
    {
        Description = "The address at which it answers sensors; other machines need certificates",
        HelpName = "IP[:PORT]",
        DefaultValueFactory = _ => $"127.0.0.1:{ClusterPort}",
        Validators = { PathOptions.NotEmpty, CheckAddress },
    };

    static readonly Option<int?> SiloPort = NumberOptions.CreateOptional("--silo-port", "PORT",
        "The port at which it answers other workers. Default: the one after that of --listen", 1, ushort.MaxValue);

    static readonly Option<int> Threads = NumberOptions.CreateThreads("--threads",
        "Batches that it computes at a time", Environment.ProcessorCount);

    static readonly Option<int> Gather = NumberOptions.Create("--gather", "N",
        "Gather batches that wait to runs of up to N flows; 0: each batch is a run", 0, RemoteBatch.Capacity, 0);

    static readonly Option<int> GatherWait = NumberOptions.Create("--gather-wait", "MS",
        "With --gather: the most milliseconds that a run waits for more flows, while more may come", 0, 1000, 0);

    static readonly OnnxArguments Onnx = new();

    static readonly Option<string?> Store = PathOptions.Create("--store",
        "Keep the bundles that are published to the cluster in this folder, so that they outlive the worker. Default: "
        + "a temporary folder", "DIR");

    static readonly ClusterArguments Cluster = new($"Name of the cluster; sensors give the same. Default: "
        + UsualCluster);

    /// <summary>Repeats that of <see cref="ClusterOptions"/>, whose library other verbs do not load.</summary>
    const int ClusterPort = ClusterOptions.DefaultPort;

    SettingTable? settings;
    UsedConfiguration? used;

    WorkerCommand() : base("worker", Help)
    {
    }

    /// <summary>Gets the table of settings.</summary>
    public SettingTable Settings => settings!;

    public static WorkerCommand Create()
    {
        var command = new WorkerCommand
        {
            Bundles, ConfigurationFile, MoreBundles, Listen, SiloPort, Threads, Gather, GatherWait, Store,
        };
        Onnx.AddTo(command);
        Cluster.AddTo(command, needsId: false);
        LogArguments.AddTo(command);
        command.Require(GatherWait, result => result.GetValue(Gather) > 0, "waits for flows to gather: give --gather");
        command.Validators.Add(result =>
        {
            if (!result.Errors.Any() && (result.GetValue(Bundles) ?? []).Length == 0
                && (result.GetValue(MoreBundles) ?? []).Length == 0
                && !OptionRules.IsGiven(result, ConfigurationFile))
            {
                result.AddError("BUNDLE: is missing: give the bundle of the sensors");
            }
        });
        command.settings = new(command,
        [
            new("worker.bundles", MoreBundles) { Help = "Bundles' folders, or the folders of versions of them" },
            new("worker.listen", Listen), new("worker.silo-port", SiloPort),
            new("worker.threads", Threads), new("worker.gather", Gather), new("worker.gather-wait", GatherWait),
            new("worker.store", Store), .. Onnx.Rows, .. Cluster.Rows,
            .. LogArguments.Rows,
        ]);
        command.SetRun((parsed, _) =>
            LogArguments.Run(LogArguments.Read(parsed).Format, () => Read(parsed, command.used).Run()));
        return command;
    }

    public string[] Configure(ParseResult given, string[] arguments, out IReadOnlyList<string> errors)
    {
        errors = [];
        var source = new ConfigurationSource(Settings, given.GetValue(ConfigurationFile), given, arguments);
        if (given.GetValue(ConfigurationFile) is null && source.Variables.Count == 0)
        {
            return arguments;
        }

        used = new(source, source.Read());
        errors = [.. used.Began.Errors.Select(error => error.ToString())];
        return used.Began.Arguments;
    }

    /// <summary>Opens a file, and the variables of the environment, as <c>worker -c</c> takes them with these options
    /// beside it.</summary>
    public ConfigurationSource Open(string file, params string[] options) =>
        new(Settings, file, Parse(options, SettingMerge.Parser), [Name, .. options]);

    /// <summary>Finds what is wrong between settings that are right by themselves.</summary>
    /// <param name="note">Is told what would keep the worker from starting on this machine: the files may be
    /// elsewhere.</param>
    public static IEnumerable<ConfigurationError> FindErrors(ReadConfiguration configuration, Action<string> note)
    {
        var parsed = configuration.Parse();
        ClusterOptions cluster;
        try
        {
            cluster = Cluster.Read(parsed, UsualCluster)!;
        }
        catch (InputException e)
        {
            note($"not usable on this machine: {e.Message}");
            return [];
        }

        try
        {
            if (ClusterOptions.TryParse(parsed.GetRequiredValue(Listen), out var address))
            {
                ClusterOptions.CheckEncrypted(address, cluster.Tls);
            }

            return [];
        }
        catch (InputException e)
        {
            var origin = configuration.Effective().First(value => value.Row.Key == "worker.listen").Origin;
            return [new(origin, "worker.listen", $"worker.listen: {e.Message}")];
        }
    }

    static WorkerRun Read(ParseResult parsed, UsedConfiguration? used)
    {
        var text = parsed.GetRequiredValue(Listen);
        if (!ClusterOptions.TryParse(text, out var address))
        {
            throw new InputException($"--listen '{text}': is no address");
        }

        if (parsed.GetValue(SiloPort) is null && address.Port == ushort.MaxValue)
        {
            throw new InputException($"--listen '{text}': there is no port after it for other workers; give "
                + "--silo-port");
        }

        return new()
        {
            Bundles = [.. parsed.GetValue(Bundles) ?? [], .. parsed.GetValue(MoreBundles) ?? []],
            Store = parsed.GetValue(Store),
            Formats = new(new OnnxFormat(Onnx.Read(parsed))),
            Library = Onnx.ReadLibrary(parsed),
            Log = LogArguments.Read(parsed),
            Configuration = used,
            Options = new()
            {
                Cluster = Cluster.Read(parsed, UsualCluster)!,
                Address = address,
                SiloPort = parsed.GetValue(SiloPort) ?? address.Port + 1,
                Threads = parsed.GetValue(Threads),
                Gather = new()
                {
                    Flows = parsed.GetValue(Gather),
                    Wait = TimeSpan.FromMilliseconds(parsed.GetValue(GatherWait)),
                },
            },
        };
    }

    static void CheckAddress(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (!ClusterOptions.TryParse(text, out var address) || address.Address.Equals(IPAddress.Any)
            || address.Address.Equals(IPAddress.IPv6Any))
        {
            result.AddError($"--listen '{text}': give the IP address of this machine that sensors reach, such as "
                + "10.0.0.5 or 10.0.0.5:30000");
        }
    }
}
