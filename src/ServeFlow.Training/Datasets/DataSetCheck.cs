using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Datasets;

/// <summary>Says in one line why captures and labels make no usable data set.</summary>
static class DataSetCheck
{
    /// <exception cref="InputException">They make none.</exception>
    public static void Check(DataSetOptions options, LabelReport report, CaptureReader reader, LabelIndex? index)
    {
        if (report.Flows == 0)
        {
            throw new InputException($"{options.Path}: no flow in {report.Captures} captures with "
                + $"{report.Packets} packets{Ignored(reader)}{First(report.Damaged)}; "
                + "give captures that hold IP packets");
        }

        if (report.LabelledFlows == 0)
        {
            var reason = new RowReport(index, options.Labels, []).Explain(report.Conflicts);
            throw new InputException($"{options.Labels}: none of its {report.Rows} rows matches one of the "
                + $"{report.Flows} flows in {options.Path} ({reason}); check the pcap column and the five-tuples")
            {
                Settings = report.TimeShift is null ? [] : [Setting.LabelShift],
            };
        }

        if (report.Classes.Count < options.MinClasses)
        {
            throw new InputException($"{options.Labels ?? options.Path}: only one class, '{report.Classes[0].Label}', "
                + $"among {report.LabelledFlows} labelled flows{Missing(report.ClassesWithoutFlow)}; "
                + $"give flows of at least {options.MinClasses} classes");
        }
    }

    static string Ignored(CaptureReader reader)
    {
        var reasons = string.Join(", ", reader.Ignored.NonZero()
            .Select(entry => $"{Telemetry.SnakeCase.From(entry.Reason)} {entry.Count}"));
        return reasons.Length > 0 ? $" (ignored: {reasons})" : "";
    }

    static string Missing(IReadOnlyList<string> classes) => classes.Count == 0 ? ""
        : $", and no flow of {NameList.Format([.. classes.Select(PrintableText.Escape)], most: 5)}";

    static string First(IReadOnlyList<string> damaged) => damaged.Count > 0 ? $", {damaged[0]}" : "";
}
