using System.CommandLine;
using System.Text;
using ServeFlow.Cli.Terminal;
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
        label, which is empty. Flows begin and end as in 'serve', so that every row is exactly one flow of 'train'.
        first_ts has nanoseconds. For ICMP the ports are type and code. Times of the first packet, addresses and ports
        name the flow: keep those columns, also in a spreadsheet. A file that has labels is not written over.
        """;

    static readonly Option<string> Read = CommonOptions.Read();
    static readonly Option<string?> Output = CommonOptions.Write("Labels file; by default standard output");
    static readonly Option<bool> Join = CommonOptions.Join();
    static readonly ExpansionArguments Expansion = new();
    static readonly Option<bool> Json = CommonOptions.Json();

    static readonly Option<bool> Force = new("--force")
    {
        Description = "Write over a file that has labels",
    };

    public static Command Create()
    {
        var command = new Command("flows", Help) { Read, Output, Join, Force, Json };
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

        var summary = Write(CaptureSet.Find(path, Expansion.Read(parsed)), output, parsed.GetValue(Join), cancel);
        Print(summary, output, json);
        return summary.Files.Unreadable == summary.Files.Captures ? CommandRunner.Failed : CommandRunner.Succeeded;
    }

    static SkeletonSummary Write(CaptureSet set, string? output, bool join, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        using var file = new OutputFile(output, set.Captures.Select(capture => capture.Path));
        var text = new StreamWriter(file.Stream, new UTF8Encoding(false));
        var summary = new SkeletonWriter(set, new()) { JoinsCaptures = join }.Write(text,
            line.Adapt<DataSetProgress>(p => (p.Done, p.What)), cancel);
        text.Flush();
        file.Complete();
        return summary;
    }

    static void Print(SkeletonSummary summary, string? output, bool json)
    {
        foreach (var line in summary.Damaged.Concat(summary.Files.Skipped.Describe()))
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(line)}");
        }

        if (json)
        {
            Console.WriteLine(DocumentJson.Format(new FlowsDocument(output, summary.Files.Captures,
                summary.Files.Unreadable, SkippedDocument.From(summary.Files.Skipped), summary.Damaged.Count,
                summary.Packets, summary.Flows,
                new(summary.Reasons.Select(entry => KeyValuePair.Create(entry.Reason, entry.Count))))));
            return;
        }

        var ignored = string.Join("; ",
            summary.Reasons.Select(entry => $"{entry.Count:N0} packets ignored: {entry.Reason}"));
        Notes.Write($"{summary.Flows:N0} flows of {summary.Packets:N0} packets in "
            + $"{summary.Files.Captures:N0} captures{(ignored.Length > 0 ? $" ({ignored})" : "")}"
            + (output is null or "-"
                ? ""
                : $"; fill the labels of {PrintableText.Escape(output)} with 'serveflow label'"));
    }
}

/// <summary>The object that <c>flows --json</c> prints.</summary>
sealed record FlowsDocument(string? Output, int Captures, int Unreadable, SkippedDocument Skipped, int Damaged,
    long Packets, long Flows, OrderedDictionary<string, long> Ignored);
