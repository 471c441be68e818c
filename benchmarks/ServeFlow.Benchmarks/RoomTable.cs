using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;

namespace ServeFlow.Benchmarks;

/// <summary>All benchmarks in one table, a line each, in the order of the path.</summary>
static class RoomTable
{
    static readonly string[] rooms =
    [
        "Packets", "Flows", "Features", "Models", "Cascade", "Sinks", "EndToEnd", "Placement",
    ];

    public static string Format(IEnumerable<Summary> summaries)
    {
        var text =
            new StringBuilder("| room | benchmark | of | ns | ± | bytes allocated |\n|---|---|---|--:|--:|--:|\n");
        foreach (var report in summaries.SelectMany(summary => summary.Reports)
            .OrderBy(report => Array.IndexOf(rooms, Room(report))))
        {
            text.AppendLine(Row(report));
        }

        return text.ToString();
    }

    static string Row(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var name =
            $"{benchmark.Descriptor.Type.Name.Replace("Benchmarks", "")}.{benchmark.Descriptor.WorkloadMethod.Name}";
        var of = string.Join(", ", benchmark.Parameters.Items.Select(p => $"{p.Name} {p.Value}"));
        return report.ResultStatistics is { } times
            ? string.Create(CultureInfo.InvariantCulture, $"| {Room(report)} | {name} | {of} | {times.Mean:N1} | "
                + $"{times.StandardDeviation:N1} | {report.GcStats.GetBytesAllocatedPerOperation(benchmark) ?? 0} |")
            : $"| {Room(report)} | {name} | {of} | failed | | |";
    }

    static string Room(BenchmarkReport report) =>
        report.BenchmarkCase.Descriptor.Type.Namespace!.Split('.')[^1];
}
