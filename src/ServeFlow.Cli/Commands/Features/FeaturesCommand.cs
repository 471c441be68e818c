using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Training.Matrices;

namespace ServeFlow.Cli.Commands.Features;

/// <summary><c>features</c>: the feature matrix of captures, or nPrint's own text.</summary>
static class FeaturesCommand
{
    const int DefaultPackets = 10;

    /// <summary>Exceeds the packets that any model sees; a matrix row has about 900 columns for each.</summary>
    const int MaxPackets = BundleLimits.MaxPackets;

    const string Help = """
        Writes the feature matrix of captures: a row per flow, or with --format nprint a row per packet.

        Examples:
          serveflow features -r traffic.pcap --packets 3 > matrix.csv
          serveflow features -r captures/ --labels labels.csv --format npz -w matrix.npz
          serveflow features -r captures/ --labels labels.csv --format npz -w matrix.npz --hold-out 0.25 --calibrate 0.25
          serveflow features -r captures/ --labels labels.csv --window 1s --format parquet -w seconds.parquet
          serveflow features -r traffic.pcap --features paper --mask default,-ports --format parquet -w matrix.parquet
          serveflow features -r traffic.pcap --format nprint -w traffic.npt

        csv, npz and parquet have a row per flow: its five-tuple, the time of its first packet, its label with
        --labels (flows without a label are left out), and the columns of its first packets, p1_ipv4_ver_0 and so on.
        The packets are those that serving would see: none after the connection has closed, none after the wait limit.
        With --window there is a row per window of a flow, with the window's number, and sizes and gaps by default.
        nprint is the text of the nPrint 1.2.1 program. It has no dir, size or iat, and no mask unless --mask is given.
        """;

    static readonly Option<string> Read = CaptureOptions.Read();
    static readonly Option<string?> Labels = CaptureOptions.Labels();
    static readonly Option<TimeSpan> LabelShift = CaptureOptions.LabelShift();
    static readonly Option<bool> Join = CaptureOptions.Join();
    static readonly Option<string> Features = FeatureOptions.Set();
    static readonly Option<string> Mask = FeatureOptions.Mask();
    static readonly Option<string?> Output = PathOptions.Write("Output file; by default standard output");
    static readonly Option<bool> SafeCells = OutputOptions.SafeCells();
    static readonly Option<bool> Json = OutputOptions.Json();

    static readonly Option<int> Packets = NumberOptions.Create("--packets", "N",
        $"Number of first packets of each flow, 1-{MaxPackets}", 1, MaxPackets, DefaultPackets);

    static readonly Option<double> HoldOut = NumberOptions.Create("--hold-out", "SHARE",
        "npz: mark the captures that 'train --hold-out' with this share and --seed holds out", 0, 0.9, 0.0);

    static readonly Option<double> Calibrate = NumberOptions.Create("--calibrate", "SHARE",
        "npz: mark this share of the others for 'train --import' to calibrate on; do not train your model on them",
        0, 0.9, 0.0);

    static readonly Option<int> Seed = NumberOptions.CreateSeed();

    static readonly Option<TimeSpan?> Window = CaptureOptions.Window(
        "Write a row per window of a flow, such as 1s or 500ms; includes sizes and gaps (+dir+size+iat) by default");

    static readonly Option<double> WaitLimit = CaptureOptions.WaitLimit(
        "Seconds after a row's first packet after which packets are left out; as --wait-limit of 'train'");

    static readonly ExpansionArguments Expansion = new();
    static readonly FlowArguments FlowRules = new();

    static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "csv, npz (NumPy), parquet (pandas), or nprint with a row per packet",
        HelpName = "nprint|csv|npz|parquet",
        DefaultValueFactory = _ => "csv",
    }.OneOf("nprint", "csv", "npz", "parquet");

    public static Command Create()
    {
        var command = new Command("features", Help)
        {
            Read, Labels, LabelShift, Join, Features, Packets, Window, WaitLimit, Mask, Format, SafeCells, HoldOut,
            Calibrate, Seed, Output, Json,
        };
        FlowRules.AddTo(command);
        Expansion.AddTo(command);
        command.Require(SafeCells, result => !OptionRules.IsGiven(result, Format) || result.GetValue(Format) == "csv",
            "is about CSV: give --format csv, or leave it out");
        command.RequireWith(Labels, "is about the labels file: give one with --labels", LabelShift);
        command.Require(Join, result => result.GetValue(Format) != "nprint",
            "--format nprint has a row for every packet and no flows to join: leave it out");
        command.Require(Packets, result => result.GetValue(Format) != "nprint",
            "--format nprint has a row for every packet: leave it out");
        command.SetRun(Run);
        return command;
    }

    /// <summary>Finds what contradicts itself on the command line; null where nothing does.</summary>
    static string? FindMisuse(ParseResult parsed)
    {
        var (format, isLabelled) = (parsed.GetRequiredValue(Format), parsed.GetValue(Labels) is not null);
        var isForStandardOutput = parsed.GetValue(Output) is null or "-";
        if (isForStandardOutput && parsed.GetValue(Json))
        {
            return "--json prints on standard output: give the data another place with -w OUT";
        }

        if (isForStandardOutput && format is "npz" or "parquet")
        {
            return $"--format {format} is not for standard output: give -w OUT";
        }

        if ((parsed.GetValue(HoldOut) > 0 || parsed.GetValue(Calibrate) > 0) && !(format == "npz" && isLabelled))
        {
            return "--hold-out, --calibrate: captures are marked in labelled matrices: give --format npz and --labels";
        }

        return format != "nprint" ? null
            : parsed.GetValue(Window) is not null ? "--window: --format nprint has a row per packet and no windows"
            : OptionRules.IsGiven(parsed.CommandResult, WaitLimit)
                ? "--wait-limit: --format nprint has a row per packet, whenever it came"
            : FlowRules.Read(parsed).IsGiven
                ? "--dedup, --max-flows, timeouts: --format nprint has a row per packet and no flows"
            : isLabelled ? "--labels: --format nprint has a row per packet and no place for labels" : null;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        if (FindMisuse(parsed) is { } misuse)
        {
            Console.Error.WriteLine($"serveflow: {misuse} (see 'serveflow features --help')");
            return CommandRunner.Usage;
        }

        var path = parsed.GetValue(Output);
        var output = new FeaturesOutput(path, parsed.GetRequiredValue(Format), parsed.GetValue(SafeCells));
        var matrix = output.Write(Request(parsed), cancel);
        var summary = new FeaturesSummary(matrix, path);
        summary.Print(parsed.GetValue(Json));
        TrafficWarnings.Print(TrafficWarnings.Lines(matrix.Traffic));
        return summary.ExitCode;
    }

    static MatrixRequest Request(ParseResult parsed) => new()
    {
        Path = parsed.GetRequiredValue(Read),
        Expansion = Expansion.Read(parsed),
        Labels = parsed.GetValue(Labels),
        LabelShift = parsed.GetValue(LabelShift),
        JoinsCaptures = parsed.GetValue(Join),
        Schema = FeatureSchema.Parse(FeatureOptions.ReadSet(parsed, Features, Window), ReadMask(parsed)),
        Packets = parsed.GetValue(Packets),
        Window = parsed.GetValue(Window),
        WaitLimit = TimeSpan.FromSeconds(parsed.GetValue(WaitLimit)),
        Flows = FlowRules.Read(parsed).ForReading(parsed.GetValue(Packets)),
        DescribesCaptures = parsed.GetValue(Format) == "npz",
        HoldOut = parsed.GetValue(HoldOut),
        Calibrate = parsed.GetValue(Calibrate),
        Seed = parsed.GetValue(Seed),
    };

    /// <summary>Returns the mask; nPrint's text has none unless it was asked for.</summary>
    static string ReadMask(ParseResult parsed) =>
        parsed.GetValue(Format) == "nprint" && !OptionRules.IsGiven(parsed.CommandResult, Mask)
            ? "none" : parsed.GetRequiredValue(Mask);
}
