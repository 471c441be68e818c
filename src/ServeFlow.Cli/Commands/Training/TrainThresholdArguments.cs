using System.CommandLine;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Pipeline;

namespace ServeFlow.Cli.Commands.Training;

/// <summary>Provides the options of <c>train</c> that say when an answer is sure enough, and how long it may
/// take.</summary>
static class TrainThresholdArguments
{
    static readonly Option<double> MaxLoss = NumberOptions.Create("--max-loss", "SHARE",
        "Weighted F1 that the cascade may lose against the slow tier on every flow, on captures to come; "
            + "with --confidence, also the share of all flows that early answers may lose",
        0, 1, new AssignmentGoal().MaxLoss);

    static readonly Option<double?> Confidence = NumberOptions.CreateOptional("--confidence", "P",
        "Guarantee --max-loss with this probability, tested by betting on captures", 0.5, 0.9999);

    static readonly Option<double?> Budget = NumberOptions.CreateOptional("--budget", "SHARE",
        "Share of all flows that may wait for more packets, whatever F1 that costs", 0.0, 1.0);

    static readonly Option<bool> Unknown = new("--unknown")
    {
        Description = "Answer flows of no known class with 'unknown'; training leaves out each class in turn to learn "
            + "to detect them",
    };

    static readonly Option<double> UnknownBudget = NumberOptions.Create("--unknown-budget", "SHARE",
        "With --unknown: share of known flows that may be answered 'unknown'", 0.0001, 0.5,
        TrainRequest.DefaultUnknownBudget);

    static readonly Option<string> Calibration = new Option<string>("--calibration")
    {
        Description = "How probabilities are calibrated; auto takes the one with the lower log loss on other captures",
        HelpName = "auto|temperature|isotonic",
        DefaultValueFactory = _ => "auto",
    }.OneOf("auto", "temperature", "isotonic");

    static readonly Option<string?> Measure = new Option<string?>("--uncertainty")
    {
        Description = "How uncertainty is measured; by default all measures are tried, the expected gain only with "
            + "--objective",
        HelpName = "least_confidence|margin|entropy|expected_gain",
    }.OneOf("least_confidence", "margin", "entropy", "expected_gain");

    static readonly Option<string?> Assignment = new Option<string?>("--assignment")
    {
        Description = "One threshold for all classes, or one per class; by default both are tried",
        HelpName = "universal|per_class",
    }.OneOf("universal", "per_class");

    static readonly Option<double> EscalationTimeoutShare = NumberOptions.Create("--escalation-timeouts",
        "SHARE", "Unit, as a share of --max-loss, in which timeouts spend what thresholds leave of it on waiting "
            + "less than --wait-limit where waiting rarely helps; 0 always waits",
        0.0, 1.0, TrainRequest.DefaultEscalationTimeoutShare);

    public static void AddTo(Command command)
    {
        command.RequireWith(Unknown, "is about unknown flows: have them detected with --unknown", UnknownBudget);
        EscalationTimeoutShare.Aliases.Add("--patience"); // its name before 0.2
        foreach (var option in new Option[]
        {
            MaxLoss, Confidence, Budget, Measure, Assignment, Calibration, Unknown, UnknownBudget,
            EscalationTimeoutShare,
        })
        {
            command.Options.Add(option);
        }
    }

    public static TrainRequest Apply(ParseResult parsed, TrainRequest request) => request with
    {
        Goal = Goal(parsed),
        Promise = parsed.GetValue(Confidence) is { } confidence ? new(MaxLossToPromise(parsed), confidence) : null,
        UnknownBudget = DetectsUnknown(parsed) ? parsed.GetValue(UnknownBudget) : null,
        EscalationTimeoutShare = parsed.GetValue(EscalationTimeoutShare),
    };

    static AssignmentGoal Goal(ParseResult parsed) => new()
    {
        MaxLoss = parsed.GetValue(MaxLoss),
        Budget = parsed.GetValue(Budget),
        Calibration = Enum.Parse<CalibrationKind>(parsed.GetRequiredValue(Calibration), ignoreCase: true),
        Measure = parsed.GetValue(Measure) is { } measure ? MeasureName.Parse(measure) : null,
        Kind = parsed.GetValue(Assignment) switch
        {
            "universal" => AssignmentKind.Universal,
            "per_class" => AssignmentKind.PerClass,
            _ => null,
        },
    };

    /// <summary>Determines whether flows of no known class are answered <c>unknown</c>.</summary>
    public static bool DetectsUnknown(ParseResult parsed) => parsed.GetValue(Unknown);

    static double MaxLossToPromise(ParseResult parsed)
    {
        var loss = parsed.GetValue(MaxLoss);
        return loss is > 0 and < 1
            ? loss
            : throw new InputException($"--max-loss {loss}: a share that can be promised lies between 0 and 1");
    }
}
