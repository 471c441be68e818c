using System.Globalization;
using ServeFlow.Training.Datasets.Tables;
using ServeFlow.Training.Labelling;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Feedback;

/// <summary>
/// Scores records that a sensor wrote by labels that came later. They meet as other tools' records meet a labels file:
/// by Community ID or five-tuple, and by time.
/// </summary>
public static class RecordFeedback
{
    const int Draws = 1_000;

    /// <summary>Specifies what is drawn whole where labels name no captures: flows of an hour resemble one
    /// another.</summary>
    const long Hour = 3_600_000_000_000;

    /// <summary>Holds the fields of a record that are read, the task last.</summary>
    static readonly string[] Fields =
        ["serveflow.label", "serveflow.confidence", "serveflow.model", "serveflow.model_version", "serveflow.task"];

    /// <summary>Determines whether a path is a file of records, which begins with an object of JSON, and no capture.
    /// </summary>
    public static bool HoldsRecords(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            using var file = TableFile.OpenUnpacked(path);
            Span<byte> start = stackalloc byte[16];
            var text = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
            return text.Trim(" \t\r\n"u8) is [(byte)'{', ..];
        }
        catch (Exception e) when (e.IsFileFailure || e is InvalidDataException)
        {
            return false; // who reads it next says why
        }
    }

    /// <summary>Joins and scores.</summary>
    /// <param name="labels">The labels file.</param>
    /// <param name="records">Files of EVE records.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="InputException">A file cannot be read, or no labelled flow has a record.</exception>
    public static RecordScore Score(string labels, IReadOnlyList<string> records, int seed)
    {
        var sheet = LabelSheet.Read(labels);
        if (!sheet.Rows.Any(row => row.Label.Length > 0))
        {
            throw new InputException($"{labels}: none of its {sheet.Count} flows has a label; fill the label column, "
                + "for example with 'serveflow label'")
            {
                Settings = [Setting.Labels],
            };
        }

        var found = records.Select(file => ToolRecords.Read(file, sheet, Fields)).ToList();
        var (answers, confidences, models, versions) = (Field(0), Field(1), Field(2), Field(3));
        if (Field(4).Any(tasks => tasks.Records is { } counts && counts.Read > counts.Unnamed))
        {
            throw new InputException($"{string.Join(", ", records)}: the records are of several tasks, and labels are "
                + "of one: give those of one, such as from jq -c 'select(.serveflow.task == \"service\")'");
        }

        var flows = new List<LiveFlow>();
        var withoutRecord = 0;
        foreach (var (place, row) in sheet.Rows.Index().Where(row => row.Item.Label.Length > 0))
        {
            var confidence = Find(confidences, row, place);
            var answer = Find(answers, row, place);
            withoutRecord += answer is null && confidence is null ? 1 : 0;
            if (answer is not null || confidence is not null)
            {
                flows.Add(new(row.Label, answer, Number(confidence), GroupOf(row, place),
                    new(Find(models, row, place) ?? "", Find(versions, row, place) ?? "")));
            }
        }

        return flows.Count > 0
            ? Score(flows, withoutRecord, seed)
            : throw new InputException($"{labels}: none of its {sheet.Count} flows meets a record of "
                + $"{string.Join(", ", records)}: check Community ID, five-tuple and first_ts")
            {
                Settings = [Setting.Labels],
            };

        List<ToolRecords> Field(int number) => [.. found.Select(file => file[number])];
    }

    static RecordScore Score(List<LiveFlow> flows, int withoutRecord, int seed)
    {
        string[] names = [.. flows.SelectMany(flow => new[] { flow.Label, flow.Answer }).OfType<string>().Distinct()
            .Order(StringComparer.Ordinal)];
        var numbers = names.Index().ToDictionary(name => name.Item, name => name.Index);
        var groups = flows.GroupBy(flow => flow.Group).Select(group => Count(group, numbers)).ToList();
        var matrix = Sum(groups, names.Length);
        var random = new Random(seed);
        var drawn = Enumerable.Range(0, groups.Count > 1 ? Draws : 0).Select(_ => Sum(Enumerable.Range(0, groups.Count)
            .Select(_ => groups[random.Next(groups.Count)]), names.Length)).ToList();
        return new(flows.Count, withoutRecord, flows.Count(flow => flow.Answer is null), groups.Count,
            matrix.WeightedF1, matrix.MacroF1, matrix.Accuracy, flows.Average(flow => flow.Confidence) ?? 0)
        {
            Interval = Interval.From(drawn.Select(draw => draw.WeightedF1)),
            MacroInterval = Interval.From(drawn.Select(draw => draw.MacroF1)),
            Classes = [.. names.Select((name, label) => new RecordClassScore(name, matrix.Support(label),
                matrix.Precision(label), matrix.Recall(label), matrix.F1(label)))],
            Models =
            [
                .. flows.GroupBy(flow => flow.Model).Select(model => ScoreModel(model, numbers))
                    .OrderByDescending(model => model.Flows).ThenBy(model => model.Version, StringComparer.Ordinal),
            ],
        };
    }

    static RecordModelScore ScoreModel(IGrouping<LiveModel, LiveFlow> model, Dictionary<string, int> numbers)
    {
        var matrix = Sum([Count(model, numbers)], numbers.Count);
        return new(model.Key.Name, model.Key.Version, model.Count(), matrix.WeightedF1, matrix.Accuracy);
    }

    /// <summary>Counts flows by label and answer.</summary>
    static KeyValuePair<(int Label, int Answer), int>[] Count(IEnumerable<LiveFlow> flows,
        Dictionary<string, int> numbers) => [.. flows.CountBy(flow => (numbers[flow.Label],
            flow.Answer is { } answer ? numbers[answer] : ConfusionMatrix.Unanswered))];

    static ConfusionMatrix Sum(IEnumerable<KeyValuePair<(int Label, int Answer), int>[]> groups, int classes)
    {
        var matrix = new ConfusionMatrix(classes);
        foreach (var ((label, answer), count) in groups.SelectMany(group => group))
        {
            matrix.Add(label, answer, count);
        }

        return matrix;
    }

    static string? Find(List<ToolRecords> sources, SheetRow row, int place) =>
        sources.Select(source => source.Find(row, place)).FirstOrDefault(found => found is not null);

    static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    static string GroupOf(SheetRow row, int place) => row.Capture.Length > 0 ? row.Capture
        : row.FirstNs is { } first ? (first / Hour).ToString(CultureInfo.InvariantCulture)
        : place.ToString(CultureInfo.InvariantCulture);

    readonly record struct LiveFlow(string Label, string? Answer, double? Confidence, string Group, LiveModel Model);

    /// <summary>Names the bundle that gave an answer; empty where the records do not say.</summary>
    readonly record struct LiveModel(string Name, string Version);
}

/// <summary>Scores what a sensor recorded.</summary>
/// <param name="Flows">Labelled flows that have a record.</param>
/// <param name="WithoutRecord">Labelled flows that have none; they are left out.</param>
/// <param name="Unknown">Flows that were answered <c>unknown</c>; they count as wrong.</param>
/// <param name="Groups">Captures that the labels name, or hours where they name none.</param>
/// <param name="MeanConfidence">The mean confidence of the answers: what the accuracy should be.</param>
public sealed record RecordScore(int Flows, int WithoutRecord, int Unknown, int Groups, double WeightedF1,
    double MacroF1, double Accuracy, double MeanConfidence)
{
    /// <summary>Gets the interval of the weighted F1, groups drawn whole; null where there is one group.</summary>
    public Interval? Interval { get; init; }

    /// <summary>Gets the interval of the macro F1.</summary>
    public Interval? MacroInterval { get; init; }

    /// <summary>Gets the scores of each class that is a label or an answer.</summary>
    public IReadOnlyList<RecordClassScore> Classes { get; init; } = [];

    /// <summary>Gets the scores of each version of a bundle that gave answers, the one with the most first.</summary>
    public IReadOnlyList<RecordModelScore> Models { get; init; } = [];
}

/// <summary>Scores one class of records.</summary>
public sealed record RecordClassScore(string Label, int Flows, double Precision, double Recall, double F1);

/// <summary>Scores the answers of one version of a bundle.</summary>
/// <param name="Model">The bundle's name; empty where the records do not say.</param>
/// <param name="Flows">Labelled flows that it answered.</param>
public sealed record RecordModelScore(string Model, string Version, int Flows, double WeightedF1, double Accuracy);
