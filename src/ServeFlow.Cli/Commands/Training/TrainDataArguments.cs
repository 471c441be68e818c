using System.CommandLine;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Pipeline;

namespace ServeFlow.Cli.Commands.Training;

/// <summary>
/// The options of <c>train</c> that say which flows there are, what is seen of them and how they are divided.
/// </summary>
static class TrainDataArguments
{
    static readonly Option<string> Read = CaptureOptions.Read();
    static readonly Option<string?> Labels = CaptureOptions.Labels();
    static readonly Option<TimeSpan> LabelShift = CaptureOptions.LabelShift();
    static readonly Option<bool> Join = CaptureOptions.Join();
    static readonly Option<string> Features = FeatureOptions.SetOrAuto();
    static readonly Option<string> Mask = FeatureOptions.Mask();

    static readonly Option<TimeSpan?> Window = CaptureOptions.Window(
        "Classify each window of a flow separately, such as 1s or 500ms; without --depths and --features, sums over "
        + "whole windows are tried besides its first packets");

    static readonly Option<int?> MaxWindows = NumberOptions.CreateOptional("--max-windows", "N",
        "With --window: maximum number of windows of a flow to train on, spread evenly over it", 1, int.MaxValue);

    static readonly Option<double> WaitLimit = CaptureOptions.WaitLimit(
        "Seconds that a flow may stay undecided; then it is answered from the packets that are there");

    static readonly ExpansionArguments Expansion = new();
    static readonly FlowArguments FlowRules = new();

    static readonly Option<string> SplitBy = new Option<string>("--split")
    {
        Description = "How training and validation are separated; by flow leaks, and prints a warning",
        HelpName = "capture|time|flow",
        DefaultValueFactory = _ => "capture",
    }.OneOf("capture", "time", "flow");

    static readonly Option<string?> Group = new("--group")
    {
        Description = "Column of the labels file that says which flows belong together, such as a session or a host: "
            + "folds, --hold-out, bounds and --confidence then divide by its values instead of captures",
        HelpName = "COLUMN",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<double> HoldOut = NumberOptions.Create("--hold-out", "SHARE",
        "Share of the captures that training never sees; 'evaluate' recognises them", 0, 0.9, 0.0);

    static readonly Option<int?> Splits = NumberOptions.CreateOptional("--splits", "N",
        "Also repeat training and evaluation N times, with other captures held back each time (a quarter of them, or "
        + "--hold-out), and show mean and deviation of every figure", 1, 10_000);

    static readonly Option<int> Folds = NumberOptions.Create("--folds", "K",
        "Parts for cross-validation; each is predicted by models trained on the others", 2, 100,
        TrainRequest.DefaultFolds);

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            Read, Labels, LabelShift, Join, Features, Mask, Window, MaxWindows, WaitLimit, SplitBy, Group, HoldOut,
            Splits, Folds,
        })
        {
            command.Options.Add(option);
        }

        command.RequireWith(Labels, "names a column of a labels file: give the file with --labels", Group);
        FlowRules.AddTo(command);
        Expansion.AddTo(command);
        command.RequireWith(Labels, "is about the labels file: give one with --labels", LabelShift);
    }

    /// <param name="depth">Packets to keep of a flow.</param>
    public static DataSetOptions Options(ParseResult parsed, int depth) => new()
    {
        Path = parsed.GetRequiredValue(Read),
        Expansion = Expansion.Read(parsed),
        Labels = parsed.GetValue(Labels),
        LabelShift = parsed.GetValue(LabelShift),
        JoinsCaptures = parsed.GetValue(Join),
        Group = ParseGroup(parsed),
        Schema = FeatureSchema.Parse(FeatureOptions.ReadSet(parsed, Features, Window), parsed.GetRequiredValue(Mask)),
        Depth = depth,
        WaitLimit = TimeSpan.FromSeconds(parsed.GetValue(WaitLimit)),
        Window = parsed.GetValue(Window),
        MaxWindows = ParseMaxWindows(parsed),
        Flows = FlowRules.Read(parsed).ForReading(depth),
    };

    /// <summary>Determines whether windows may be seen to their end: features are chosen, and memory is not bounded.
    /// </summary>
    public static bool MayTryWholeWindows(ParseResult parsed) => parsed.GetValue(Window) is not null
        && FeatureOptions.IsAuto(parsed, Features) && FlowRules.Read(parsed).MemoryBytes is null;

    /// <summary>Gets how often to repeat it with other captures held back; null does not.</summary>
    public static int? CountSplits(ParseResult parsed) => parsed.GetValue(Splits);

    static GroupColumn? ParseGroup(ParseResult parsed) => parsed.GetValue(Group) is not { } column ? null
        : parsed.GetRequiredValue(SplitBy) == "capture" ? new(column)
        : throw new InputException($"--group {column}: groups are divided whole, as captures are, and --split "
            + $"{parsed.GetRequiredValue(SplitBy)} divides them; leave one of the two out");

    static int? ParseMaxWindows(ParseResult parsed) =>
        parsed.GetValue(MaxWindows) is { } most && parsed.GetValue(Window) is null
            ? throw new InputException($"--max-windows {most}: flows are whole; say how long a window is with --window")
            : parsed.GetValue(MaxWindows);

    public static TrainRequest Apply(ParseResult parsed, TrainRequest request) => request with
    {
        Split = Enum.Parse<SplitKind>(parsed.GetRequiredValue(SplitBy), ignoreCase: true),
        ChoosesFeatures = FeatureOptions.IsAuto(parsed, Features),
        HoldOut = parsed.GetValue(HoldOut),
        Folds = parsed.GetValue(Folds),
    };
}
