using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cluster;
using ServeFlow.Export.Records;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Serving.Captures;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using ServeFlow.Telemetry;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Represents one run of <c>classify</c>, as it was asked for.</summary>
sealed class Classify
{
    /// <summary>Gets each task and the path of its bundle; one of any name answers as a bundle alone does.</summary>
    public required IReadOnlyList<(string Task, string Path)> Bundles { get; init; }

    public required string Path { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    /// <summary>Null or '-': standard output.</summary>
    public required string? Output { get; init; }

    public required string Format { get; init; }

    public required bool NFStreamNames { get; init; }

    public required bool HasSafeCells { get; init; }

    public required int Workers { get; init; }

    public required ushort CommunityIdSeed { get; init; }

    public required bool Join { get; init; }

    /// <summary>Gets when flows end and how many there may be; the bundle's rules by default.</summary>
    public FlowRequest Flows { get; init; } = new();

    /// <summary>Gets the windows that the bundle must be for; null for whatever it is for.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Gets which tier another server computes; null where all is computed here.</summary>
    public RemoteTierOptions? Remote { get; init; }

    /// <summary>Gets what reads the cluster that computes the last tier, certificates and all; null for none.</summary>
    public Func<ClusterTierOptions>? Cluster { get; init; }

    public required bool Json { get; init; }

    /// <summary>Gets how the output is bounded.</summary>
    public RecordLimits Limits { get; init; } = new();

    /// <summary>Gets the records that the bounds left out; null without bounds.</summary>
    Tally<LeftOutReason>? LeftOut { get; set; }

    /// <summary>Runs it; returns the exit code.</summary>
    public int Run(CancellationToken stop)
    {
        CheckOutput();
        if (Environment.ProcessorCount > 1)
        {
            _ = WarmUp.RunAhead(plan => Format == RecordFormat.Parquet
                ? new NullSink()
                : RecordFormat.CreateSink(Format, Stream.Null, plan, new()));
        }

        using var remote = RemoteTiers.Open(Remote, Cluster, Notes.Write);
        var tasks = LoadTasks(remote);
        if (Window is { } window)
        {
            UnitCheck.Require(tasks[0], new(window));
        }

        var captures = CaptureSet.Find(Path, Expansion, stop);
        foreach (var line in captures.Skipped.Describe())
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(line)}");
        }

        var clock = Stopwatch.StartNew();
        using var output = new OutputFile(Output, captures.Captures.Select(c => c.Path));
        var plans = ServedPlans.FromTasks(tasks, [.. tasks.Select(plan => plan.Task)]);
        var (account, outcomes) = Sweep(tasks, plans, captures, output, stop);
        var files = new CaptureAccount(captures.Skipped);
        outcomes.ForEach(files.Add);
        if (!stop.IsCancellationRequested && !outcomes.Any(outcome => outcome.IsReadable))
        {
            return CommandRunner.Failed; // every complaint has been printed
        }

        if (account.Created == 0 && !stop.IsCancellationRequested)
        {
            throw new InputException($"{Path}: no flow in {files.Captures} captures with {account.Received} packets"
                + $"{Explain(account.Ignored)}; give captures that hold IP packets");
        }

        var isInterrupted = stop.IsCancellationRequested;
        if (isInterrupted && output.AppearsWhole)
        {
            Console.Error.WriteLine($"serveflow: interrupted: {Output} is not written, as it would not be whole");
        }
        else
        {
            output.Complete();
        }

        var summary = new ClassifySummary(plans, account, files, clock.Elapsed)
        {
            LeftOut = LeftOut,
            Remote = remote,
        };
        Notes.Write(summary.Text());
        if (Json)
        {
            Console.WriteLine(DocumentJson.Format(summary.ToDocument()));
        }

        return isInterrupted ? CommandRunner.Interrupted : CommandRunner.Succeeded;
    }

    IReadOnlyList<CascadePlan> LoadTasks(IRemoteTierFactory? remote)
    {
        var plans = Bundles.Select(bundle => (bundle.Task,
            ServeFlow.Cascade.Bundles.Bundle.Load(bundle.Path, ServedFormats.All, prepare: false).Plan)).ToList();
        return plans is [var (_, only)] ? [remote?.Apply(only) ?? only] : TaskSet.Create(plans);
    }

    /// <summary>Says why packets were ignored, such as <c> (ignored: unknown_link_type 3)</c>; empty if none was.
    /// </summary>
    static string Explain(Tally<IgnoreReason> ignored) => ignored.Total == 0 ? "" : " (ignored: "
        + string.Join(", ", ignored.NonZero().Select(entry => $"{SnakeCase.From(entry.Reason)} {entry.Count}")) + ")";

    void CheckOutput()
    {
        if (NFStreamNames && Bundles.Count > 1)
        {
            throw new InputException($"--csv-names nfstream: NFStream has one application_name for a flow, and "
                + $"{Bundles.Count} tasks answer: leave --csv-names out");
        }

        if (Bundles.Count > 1 && (Remote is not null ? "--remote-tier" : Cluster is not null ? "--cluster" : null)
            is { } option)
        {
            throw new InputException($"{option}: a tier of one bundle is computed elsewhere, and {Bundles.Count} tasks "
                + $"answer: classify one task at a time, or leave {option} out");
        }

        if (Json && Output == "-")
        {
            throw new InputException("-w -: records and --json's object cannot share standard output: give -w FILE, "
                + "or leave one of them out");
        }

        if (Format == RecordFormat.Parquet && !Json && Output is null or "-")
        {
            throw new InputException("--format parquet: a Parquet file cannot go to standard output: give -w FILE");
        }
    }

    (Account Account, List<CaptureOutcome> Outcomes) Sweep(IReadOnlyList<CascadePlan> tasks, ServedPlans plans,
        CaptureSet captures, OutputFile output, CancellationToken stop)
    {
        var worker = Flows.ForWorkers(tasks, Workers);
        TrafficWarnings.Print(Flows.Differences(tasks[0]));
        using var line = new ProgressLine();
        using var sink = CreateSink(tasks[0], plans, output.Stream);
        var sweep = new CaptureSweep(tasks, plans, worker, sink)
        {
            Progress = line.Adapt<double>(done => (done, "classifying")),
        };
        var outcomes = new List<CaptureOutcome>();
        foreach (var outcome in Join ? sweep.RunJoined(captures, stop) : sweep.Run(captures, Workers, stop))
        {
            outcomes.Add(outcome);
            if (outcome.Problem is not null)
            {
                line.Dispose();
                Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(outcome.Problem)}");
            }
        }

        return (sweep.Account, outcomes);
    }

    IRecordSink CreateSink(CascadePlan plan, ServedPlans plans, Stream stream)
    {
        if (Output is null && Json)
        {
            return new NullSink();
        }

        var options = new SinkOptions
        {
            CommunityIdSeed = CommunityIdSeed,
            NFStreamNames = NFStreamNames,
            HasSafeCells = HasSafeCells,
            Plans = plans,
        };
        var sink = Format == RecordFormat.Parquet
            ? new ParquetSink(stream, plan, options)
            : RecordFormat.CreateSink(Format, stream, plan, options);
        if (!Limits.IsGiven)
        {
            return sink;
        }

        var limited = new LimitedSink(sink, Limits);
        LeftOut = limited.LeftOut;
        return limited;
    }
}
