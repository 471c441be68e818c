namespace ServeFlow.Benchmarks.Figures;

/// <summary>
/// Writes figures over several splits as a table with a column for each data set: means, and 95 % intervals of the
/// means in brackets.
/// </summary>
static class SplitText
{
    /// <summary>The data sets with their headings, in the order of the columns.</summary>
    static readonly (string Name, string Heading)[] sets =
    [
        ("iot_device", "home devices"), ("protocol", "protocols"), ("services", "services (synthetic)"),
    ];

    /// <summary>The rows of the README.</summary>
    public static readonly IReadOnlyList<(string Heading, Func<SplitRuns, string> Cell)> Headline =
    [
        ("weighted F1, **cascade**", runs => $"**{runs.Splits.Figures["weighted_f1"].Mean:0.000}**"),
        ("weighted F1, slow model on every flow", runs => Score(runs, "slow_weighted_f1")),
        ("loss (0.01 asked)", runs => Range(runs, "loss", "0.0000")),
        ("splits that lost at most 0.01", Within),
        ("answered on packet 1", runs => Range(runs, "first_packet_share", "0.0 %")),
        ("mean time to an answer, cascade / slow", runs => $"{Time(runs, "mean_ms")} / {Time(runs, "slow_mean_ms")}"),
        ("random assignment, same share escalated", runs => Score(runs, "random_weighted_f1")),
        ("oracle", runs => Score(runs, "oracle_weighted_f1")),
        ("`errors_caught`: first tier's wrong answers escalated", runs => Range(runs, "errors_caught", "0.0 %")),
    ];

    /// <summary>The rows of the page on evaluation.</summary>
    public static readonly IReadOnlyList<(string Heading, Func<SplitRuns, string> Cell)> Everything =
    [
        ("captures", runs => $"{runs.Captures:N0}"),
        ("weighted F1, cascade", runs => Range(runs, "weighted_f1", "0.0000")),
        ("weighted F1, slow on every flow", runs => Range(runs, "slow_weighted_f1", "0.0000")),
        ("loss", runs => Range(runs, "loss", "0.0000")),
        ("loss, least and most of the splits", runs => Extremes(runs, "loss", "0.0000")),
        ("splits that lost at most 0.01", Within),
        ("share of flows lost by answering early", runs => Range(runs, "lost_share", "0.00 %")),
        ("answered on packet 1", runs => Range(runs, "first_packet_share", "0.0 %")),
        ("under 1 ms", runs => Range(runs, "under_1ms", "0.0 %")),
        ("under 16 ms", runs => Range(runs, "under_16ms", "0.0 %")),
        ("mean, cascade / slow", runs => $"{Time(runs, "mean_ms")} / {Time(runs, "slow_mean_ms")}"),
        ("mean, slow's ÷ cascade's", runs => Range(runs, "speedup_mean", "0.00")),
        ("median, cascade / slow", runs => $"{Time(runs, "median_ms")} / {Time(runs, "slow_median_ms")}"),
        ("99th percentile, cascade", runs => Time(runs, "p99_ms")),
        ("random / oracle, weighted F1", runs =>
            $"{Score(runs, "random_weighted_f1")} / {Score(runs, "oracle_weighted_f1")}"),
        ("first tier's wrong answers escalated", runs => Range(runs, "errors_caught", "0.0 %")),
    ];

    /// <summary>The rows beside the paper's, with what the paper has.</summary>
    static readonly (string Heading, string Paper, Func<SplitRuns, string> Cell)[] besidePaper =
    [
        ("weighted F1, cascade / slow on every flow", "0.964 / 0.973", runs =>
            $"{Score(runs, "weighted_f1")} / {Score(runs, "slow_weighted_f1")}"),
        ("answered in under 16 ms", "76.3 %", runs => Mean(runs, "under_16ms", "0.0 %")),
        ("mean, slow's ÷ cascade's", "", runs => Mean(runs, "speedup_mean", "0.0")),
        ("median, slow's ÷ cascade's", "40.5", runs =>
            $"{Time(runs, "slow_median_ms")} ÷ {Time(runs, "median_ms")}"),
        ("first tier's wrong answers escalated", "82–95 % (about 50 % of the flows escalated)", runs =>
            Mean(runs, "errors_caught", "0.0 %")),
    ];

    /// <summary>Writes means over the splits beside the figures of the paper, whose data are services.</summary>
    /// <param name="results">The results of the splits.</param>
    public static string WriteBesidePaper(ResultFiles results)
    {
        var (services, devices) = (results.Splits("services"), results.Splits("iot_device"));
        return FigureText.Table("| | paper, services | services (synthetic) | home devices |", "|---|---|---|---|",
            besidePaper.Select(row => $"| {row.Heading} |{(row.Paper == "" ? "" : $" {row.Paper}")} "
                + $"| {row.Cell(services)} | {row.Cell(devices)} |"));
    }

    /// <summary>Writes the table.</summary>
    /// <param name="results">The results of the splits.</param>
    /// <param name="rows">The rows, with what stands in a data set's cell.</param>
    public static string Write(ResultFiles results,
        IReadOnlyList<(string Heading, Func<SplitRuns, string> Cell)> rows)
    {
        var runs = sets.Select(set => results.Splits(set.Name)).ToList();
        return FigureText.Table($"| | {string.Join(" | ", sets.Select(set => set.Heading))} |", "|---|---|---|---|",
            rows.Select(row => $"| {row.Heading} | {string.Join(" | ", runs.Select(row.Cell))} |"));
    }

    static string Within(SplitRuns runs) => $"{runs.Splits.Within} of {runs.Splits.Count}";

    static string Score(SplitRuns runs, string name) => $"{runs.Splits.Figures[name].Mean:0.000}";

    static string Mean(SplitRuns runs, string name, string format) =>
        Number(runs.Splits.Figures[name].Mean, format);

    static string Range(SplitRuns runs, string name, string format)
    {
        var figure = runs.Splits.Figures[name];
        var ends = figure.Interval.Select(end => Number(end, format));
        return $"{Number(figure.Mean, format)} [{string.Join(", ", ends)}]";
    }

    static string Extremes(SplitRuns runs, string name, string format)
    {
        var figure = runs.Splits.Figures[name];
        return $"{Number(figure.Min, format)} to {Number(figure.Max, format)}";
    }

    static string Number(double value, string format) => value.ToString(format).Replace('-', '−');

    static string Time(SplitRuns runs, string name) => runs.Splits.Figures[name].Mean switch
    {
        >= 1e3 and var ms => $"{ms / 1e3:0.0} s",
        >= 1 and var ms => $"{ms:0} ms",
        >= 1e-3 and var ms => $"{ms * 1e3:0} µs",
        var ms => $"{ms * 1e6:0} ns",
    };
}
