using System.CommandLine;
using System.Text;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Labelling;

namespace ServeFlow.Cli.Commands.Labels;

/// <summary><c>label</c>: fills a labels file by rules and by other tools' records.</summary>
static class LabelCommand
{
    const string Help = """
        Fills the labels of a file that 'flows' wrote, in its place unless -w is given.

        Examples:
          serveflow label labels.csv --rule 'tcp port 443=web' --rule 'net 10.1.0.0/16 and udp=voice'
          serveflow label labels.csv --mac-table devices.csv
          serveflow label labels.csv --from-eve eve.json
          serveflow label labels.csv --from-eve eve.json --eve-field alert.signature -w attacks.csv
          serveflow label labels.csv --from-zeek conn.log --from-ndpi ndpi.csv --rule 'not net 10.0.0.0/8=outside'
          serveflow label labels.csv --from-directories

        The first source that knows a flow gives its label: rules in their order, then the MAC table, then the records
        of EVE, Zeek and nDPI, then directories. A flow keeps the label that it has unless --force is given.

        A rule is CONDITION=LABEL. Conditions read as in tcpdump: port 443, portrange 8000-8010, host 10.0.0.1, net
        10.0.0.0/8, each with src or dst in front for one side; tcp, udp, icmp, proto 89; also mac 00:17:88:01:02:03 and
        dir NAME, a directory of the capture's path. 'and', 'or' and 'not' join them; 'or' binds least.

        Records meet the flows of their Community ID, or else of their five-tuple, that were open while they were.
        """;

    static readonly Argument<string> File = new("FILE")
    {
        Description = "The labels file, such as 'serveflow flows' writes",
    };

    static readonly Option<string[]> Rule = new("--rule")
    {
        Description = "Label the flows that meet a condition; may be given several times, the first that holds counts",
        HelpName = "CONDITION=LABEL",
    };

    static readonly Option<string?> MacTable = new("--mac-table")
    {
        Description = "Label flows by their device: a CSV with the columns mac,label",
        HelpName = "CSV",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string[]> FromEve = Records("--from-eve", "Suricata's EVE: app_proto of its flow events");
    static readonly Option<string[]> FromZeek = Records("--from-zeek", "Zeek's conn.log, TSV or JSON: service");

    static readonly Option<string[]> FromNdpi =
        Records("--from-ndpi", "nDPI's or NFStream's table: ndpi_proto or application_name");

    static readonly Option<string?> EveField = Field("--eve-field", "alert.signature");
    static readonly Option<string?> ZeekField = Field("--zeek-field", "history");
    static readonly Option<string?> NdpiField = Field("--ndpi-field", "ndpi.category");

    static readonly Option<bool> FromDirectories = new("--from-directories")
    {
        Description = "Label flows by the first directory of their capture's path",
    };

    static readonly Option<bool> Force = new("--force")
    {
        Description = "Replace labels that are there",
    };

    static readonly Option<string?> Output = PathOptions.Write("Labels file to write; by default FILE itself");
    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("label", Help)
        {
            File, Rule, MacTable, FromEve, EveField, FromZeek, ZeekField, FromNdpi, NdpiField, FromDirectories, Force,
            Output, Json,
        };
        command.SetRun(Run);
        return command;
    }

    static Option<string[]> Records(string name, string what) => new(name)
    {
        Description = $"Label flows by the records of {what}",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    static Option<string?> Field(string name, string example) => new(name)
    {
        Description = $"Field of these records that is the label, such as {example}",
        HelpName = "FIELD",
        Validators = { PathOptions.NotEmpty },
    };

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var (path, output) = (parsed.GetRequiredValue(File), parsed.GetValue(Output));
        var json = parsed.GetValue(Json);
        var options = Options(parsed);
        if (FindMisuse(options, output, json) is { } misuse)
        {
            Console.Error.WriteLine($"serveflow: {misuse} (see 'serveflow label --help')");
            return CommandRunner.Usage;
        }

        var sheet = LabelSheet.Read(path);
        var account = LabelFiller.Fill(sheet, options);
        cancel.ThrowIfCancellationRequested();
        using var file = new OutputFile(output ?? path, [.. options.Records.Select(records => records.Path),
            options.MacTable]);
        var text = new StreamWriter(file.Stream, new UTF8Encoding(false));
        sheet.Write(text);
        text.Flush();
        file.Complete();
        new LabelSummary(account, path, output ?? path).Print(json);
        return CommandRunner.Succeeded;
    }

    static FillOptions Options(ParseResult parsed) => new()
    {
        Rules = parsed.GetValue(Rule) ?? [],
        MacTable = parsed.GetValue(MacTable),
        Records =
        [
            .. Files(parsed, FromEve, EveField), .. Files(parsed, FromZeek, ZeekField),
            .. Files(parsed, FromNdpi, NdpiField),
        ],
        FromDirectories = parsed.GetValue(FromDirectories),
        Force = parsed.GetValue(Force),
    };

    static IEnumerable<(string Path, string? Field)> Files(ParseResult parsed, Option<string[]> files,
        Option<string?> field) => (parsed.GetValue(files) ?? []).Select(path => (path, parsed.GetValue(field)));

    /// <summary>Finds what contradicts itself on the command line; null where nothing does.</summary>
    static string? FindMisuse(FillOptions options, string? output, bool json)
    {
        if (options is { Rules: [], MacTable: null, Records: [], FromDirectories: false })
        {
            return "nothing to label by: give --rule, --mac-table, --from-eve, --from-zeek, --from-ndpi or "
                + "--from-directories";
        }

        return output == "-" && json
            ? "--json prints on standard output: give the labels another place with -w OUT"
            : null;
    }
}
