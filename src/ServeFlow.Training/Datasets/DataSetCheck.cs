namespace ServeFlow.Training.Datasets;

/// <summary>Says in one line why captures and labels make no usable data set.</summary>
static class DataSetCheck
{
    /// <exception cref="InputException">They make none.</exception>
    public static void Check(DataSetOptions options, LabelReport report, CaptureReader reader, LabelIndex? book)
    {
        if (report.Flows == 0)
        {
            throw new InputException($"{options.Path}: no flow in {report.Captures} captures with "
                + $"{report.Packets} packets{Ignored(reader)}{First(report.Damaged)}; "
                + "give captures that hold IP packets");
        }

        if (report.LabelledFlows == 0)
        {
            throw new InputException($"{options.Labels}: none of its {report.Rows} rows matches one of the "
                + $"{report.Flows} flows in {options.Path} ({ExplainUnlabelled(report, book)}); "
                + "check the pcap column and the five-tuples");
        }

        if (report.Classes.Count < options.MinClasses)
        {
            throw new InputException($"{options.Labels ?? options.Path}: only one class, '{report.Classes[0].Label}', "
                + $"among {report.LabelledFlows} labelled flows; "
                + $"give flows of at least {options.MinClasses} classes");
        }
    }

    static string Ignored(CaptureReader reader)
    {
        var reasons = string.Join(", ", reader.Ignored.NonZero()
            .Select(entry => $"{Telemetry.SnakeCase.From(entry.Reason)} {entry.Count}"));
        return reasons.Length > 0 ? $" (ignored: {reasons})" : "";
    }

    static string First(IReadOnlyList<string> damaged) => damaged.Count > 0 ? $", {damaged[0]}" : "";

    static string ExplainUnlabelled(LabelReport report, LabelIndex? book) =>
        report.Conflicts > 0
            ? $"{report.Conflicts} flows have contradicting labels"
            : book is { Rows.Count: 0 }
                ? $"all name captures that were not read, line {book.UnreadRows[0].Line}: "
                    + $"'{book.UnreadRows[0].Capture}'"
                : $"first row in question: line {book?.Rows[0].Row.Line}";
}
