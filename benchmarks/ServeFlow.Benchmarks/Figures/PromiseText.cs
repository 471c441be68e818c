namespace ServeFlow.Benchmarks.Figures;

/// <summary>Writes how often promises on the loss hold, as a table with a row for each data set and promise.</summary>
static class PromiseText
{
    /// <summary>The data sets with their headings, in the order of the rows; one without a file has none.</summary>
    static readonly (string Name, string Heading)[] sets =
    [
        ("iot_device", "home devices"), ("protocol", "protocols"), ("services", "services (synthetic)"),
    ];

    public static string Write(ResultFiles results) => FigureText.Table(
        "| | captures | lost at most | draws that exceed it | draws with early answers | answered early | lost "
            + "| lost of captures not drawn |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        sets.Where(set => results.Has(set.Name)).SelectMany(set => Rows(set.Heading, results.Promises(set.Name))));

    static IEnumerable<string> Rows(string heading, PromiseRun run) => run.Levels.Select(level =>
        $"| {heading} | {run.Captures:N0} | {level.MaxLoss:0 %} | {level.Exceeded} of {run.Draws} "
        + $"| {(run.Draws - level.Vacuous) / (double)run.Draws:0 %} | {level.EarlyShare:0.0 %} "
        + $"| {level.LostShare:0.00 %} | {level.UndrawnLostShare:0.00 %} |");
}
