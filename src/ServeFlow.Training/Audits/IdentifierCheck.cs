using ServeFlow.Features;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Trains a model that sees nothing but one group of identifying fields. Such a model can only know hosts and captures:
/// if it does well on held-back flows, those hosts are on both sides of the split.
/// </summary>
/// <param name="flows">The flows, with the schema of the models under test.</param>
sealed class IdentifierCheck(AuditFlows flows, FeatureSchema schema, QuickModel model, double majority, Random random)
{
    /// <summary>A gain over the headers' mere presence that counts as doing well: less says little.</summary>
    const double MinGain = 0.1;

    /// <summary>Specifies by how many standard errors a gain must differ from 0: 97.7 % sure.</summary>
    const double MinStandardErrors = 2;

    /// <summary>Enough for a standard error to two digits.</summary>
    const int Draws = 100;

    readonly CaptureDraws captures = CaptureDraws.Create(flows.HeldOut, random.Next(), Draws);

    /// <returns>A check for each group of <see cref="FeatureSchema.IdentifyingFields"/>.</returns>
    public IEnumerable<AuditCheck> CheckAll(CancellationToken cancel) =>
        FeatureSchema.IdentifyingFields.Select(group => Check(group.Group, group.Fields, cancel));

    public AuditCheck Check(string group, IReadOnlyList<string> fields, CancellationToken cancel)
    {
        var name = $"{group}_alone";
        if (IdentifierView.From(flows, schema, fields) is not { } view)
        {
            return new(name, null, null, AuditVerdict.Skipped, $"the feature set {schema.Set} has no {group}");
        }

        var (answers, others) = (Predict(view.Values, cancel), Predict(view.Presence, cancel));
        var (figure, expected) = (F1(answers), F1(others));
        var gain = figure - expected;
        var doesWell = gain >= MinGain
            && gain > MinStandardErrors * StandardErrorOfDifference(answers, others);
        var reached =
            $"a decision tree that sees {DisplayName(group)} alone reaches weighted F1 {NumberText.Fixed(figure, 3)} "
            + "on held-back "
            + $"flows ({NumberText.Fixed(expected, 3)} from the headers' mere presence, "
            + $"{NumberText.Fixed(majority, 3)} for the most frequent class)";
        return doesWell
            ? new(name, figure, expected, Verdict(group, IsSeen(fields)),
                $"{reached}{Best(fields, cancel)}: {Meaning(group, IsSeen(fields))}")
            : new(name, figure, expected, AuditVerdict.Passed, $"{reached}: no host is told by that");
    }

    /// <summary>Ports name a service at least as much as a host, so hidden ones prove nothing.</summary>
    static AuditVerdict Verdict(string group, bool isSeen) => (group, isSeen) switch
    {
        ("ports", false) => AuditVerdict.Passed,
        ("ports", true) => AuditVerdict.Warned,
        (_, false) => AuditVerdict.Warned,
        (_, true) => AuditVerdict.Failed,
    };

    static string Meaning(string group, bool isSeen) => (group, isSeen) switch
    {
        ("ports", false) => "a port names a service as much as a host, so this alone is no leak; the models do not "
            + "see ports",
        ("ports", true) => "a port names a service as much as a host, so this alone is no leak, but the models see "
            + "ports, and are worth as much as servers keep to them",
        (_, false) => $"{Cause(group)}; the models do not see these fields, but all scores are for hosts like those "
            + "trained on, not for new ones",
        (_, true) => $"{Cause(group)}, and the models see it: scores are better than they will be elsewhere; train "
            + $"with {group} masked",
    };

    static string Cause(string group) => group switch
    {
        "addresses" => "the same hosts are on both sides of the split",
        "checksums" => "whole packets repeat across the split, addresses included",
        _ => "what hosts draw or count begins or goes on alike on both sides of the split",
    };

    /// <summary>Computes the standard error of F1(answers) − F1(others), on the same draws of captures.</summary>
    double StandardErrorOfDifference(int[] answers, int[] others) =>
        Scores.StandardDeviation([.. DrawF1(answers).Zip(DrawF1(others), (one, other) => one - other)]);

    double[] DrawF1(int[] answers) => ClassDraws.Compute(captures, flows.HeldOut.Labels, flows.HeldOut.Classes.Count,
        [.. answers.Select((answer, flow) => new SystemAnswer(flow, answer, 0, 0))]).WeightedF1();

    /// <summary>Finds the field of several that tells most.</summary>
    string Best(IReadOnlyList<string> fields, CancellationToken cancel)
    {
        var (best, f1) = fields.Select(field => (Field: field, View: IdentifierView.From(flows, schema, [field])))
            .Where(one => one.View is not null)
            .Select(one => (one.Field, F1: F1(Predict(one.View!.Values, cancel))))
            .MaxBy(one => one.F1);
        return fields.Count == 1 ? "" : $", {NumberText.Fixed(f1, 3)} from {best} alone";
    }

    bool IsSeen(IReadOnlyList<string> fields) => NarrowSchema.Fields(schema)
        .Any(field => fields.Contains(field)
            || (field == "tcp_opt" && !schema.HidesTimestamps && fields.Contains(RecordField.Timestamps)));

    int[] Predict(AuditFlows view, CancellationToken cancel) =>
        model.TrainAndPredict(view.Train, view.HeldOut, cancel);

    double F1(int[] answers) => Scores.WeightedF1(answers, flows.HeldOut);

    static string DisplayName(string group) => group switch
    {
        "ids" => "IP ids and flow labels",
        "sequence" => "TCP sequence numbers",
        "timestamps" => "TCP timestamps",
        _ => group,
    };
}
