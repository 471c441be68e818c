using System.CommandLine;
using System.Text;
using System.Text.Json.Serialization;
using ServeFlow.Cli.Terminal;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Labelling;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Labels;

/// <summary><c>flows</c>: every flow of captures as a labels file that is still to be filled.</summary>
static class FlowsCommand
{
    const string Help = """
        Lists every flow of captures as a labels file without labels, which 'label' or you fill.

        Examples:
          serveflow flows -r captures/ -w labels.csv
          serveflow label labels.csv --rule 'port 443=web' --rule 'udp port 53=dns'
          serveflow train -r captures/ --labels labels.csv -o bundle

        The columns are pcap,src,sport,dst,dport,proto,first_ts,last_ts,packets,bytes,src_mac,dst_mac,community_id and
        label, which is empty. Flows begin and end as in 'serve', so that every row is exactly one flow of 'train' with
        the same timeouts and --dedup.
        first_ts has nanoseconds. For ICMP the ports are type and code. Times of the first packet, addresses and ports
        name the flow: keep those columns, also in a spreadsheet. A file that has labels is not written over.
        """;

    static readonly Option<string> Read = CaptureOptions.Read();
    static readonly Option<string?> Output = PathOptions.Write("Labels file; by default standard output");
    static readonly Option<bool> Join = CaptureOptions.Join();
    static readonly ExpansionArguments Expansion = new();
    static readonly FlowArguments FlowRules = new();
    static readonly Option<bool> Json = OutputOptions.Json();

    static readonly Option<bool> Force = new("--force")
    {
        Description = "Write over a file that has labels",
    };

    public static Command Create()
    {
        var command = new Command("flows", Help) { Read, Output, Join, Force, Json };
        FlowRules.AddTo(command);
        Expansion.AddTo(command);
        command.SetRun(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var (path, output, json) = (parsed.GetRequiredValue(Read), parsed.GetValue(Output), parsed.GetValue(Json));
        if (output is null or "-" && json)
        {
            Console.Error.WriteLine("serveflow: --json prints on standard output: give the flows another place with "
                + "-w OUT (see 'serveflow flows --help')");
            return CommandRunner.Usage;
        }

        if (output is not (null or "-") && !parsed.GetValue(Force) && LabelSheet.HasLabels(output))
        {
            throw new InputException($"{output}: has labels, which would be lost; give another name with -w, or "
                + "--force");
        }

        var set = CaptureSet.Find(path, Expansion.Read(parsed), cancel);
        var writer = new SkeletonWriter(set, FlowRules.Read(parsed).ForReading(depth: 1))
        {
            JoinsCaptures = parsed.GetValue(Join),
        };
        var summary = Write(writer, set, output, cancel);
        PrintLeftOut(summary);
        CheckFlows(summary, path);
        Print(summary, output, json);
        TrafficWarnings.Print(TrafficWarnings.Lines(summary.Traffic));
        return summary.Files.Unreadable == summary.Files.Captures ? CommandRunner.Failed : CommandRunner.Succeeded;
    }

    static SkeletonSummary Write(SkeletonWriter writer, CaptureSet set, string? output, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        using var file = new OutputFile(output, set.Captures.Select(capture => capture.Path));
        var text = new StreamWriter(file.Stream, new UTF8Encoding(false));
        var summary = writer.Write(text, line.Adapt<DataSetProgress>(p => (p.Done, p.What)), cancel);
        text.Flush();
        if (summary.Traffic.Flows > 0)
        {
            file.Complete();
        }

        return summary;
    }

    /// <exception cref="InputException">Captures were read, and there is no flow in them: no row to fill.</exception>
    static void CheckFlows(SkeletonSummary summary, string path)
    {
        if (summary.Traffic.Flows == 0 && summary.Files.Unreadable < summary.Files.Captures)
        {
            throw new InputException($"{path}: no flow in {summary.Files.Captures} captures with "
                + $"{summary.Traffic.Packets} packets; give captures that hold IP packets");
        }
    }

    static void PrintLeftOut(SkeletonSummary summary)
    {
        foreach (var line in summary.Damaged.Concat(summary.Files.Skipped.Describe()))
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(line)}");
        }
    }

    static void Print(SkeletonSummary summary, string? output, bool json)
    {
        if (json)
        {
            Console.WriteLine(DocumentJson.Format(new FlowsDocument(output, summary.Files.Captures,
                summary.Files.Unreadable, SkippedDocument.From(summary.Files.Skipped), summary.Damaged.Count,
                summary.Traffic.Flows, summary.Traffic)));
            return;
        }

        Notes.Write($"{summary.Traffic.Flows:N0} flows of {summary.Traffic.Packets:N0} packets in "
            + $"{summary.Files.Captures:N0} captures"
            + (output is null or "-" || summary.Traffic.Flows == 0
                ? ""
                : $"; fill the labels of {PrintableText.Escape(output)} with 'serveflow label'"));
        foreach (var line in summary.Traffic.Lines())
        {
            Notes.Write(line);
        }
    }
}

/// <summary>Represents the object that <c>flows --json</c> prints.</summary>
sealed record FlowsDocument(string? Output, int Captures, int Unreadable, SkippedDocument Skipped, int Damaged,
    long Flows, [property: JsonIgnore] TrafficReport Traffic) : TrafficDocument(Traffic);
