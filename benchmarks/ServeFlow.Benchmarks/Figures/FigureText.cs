using System.Text;

namespace ServeFlow.Benchmarks.Figures;

/// <summary>Writes each kind of figures as Markdown: a table, or a paragraph in which measured numbers stand.</summary>
static class FigureText
{
    /// <summary>The runs of <c>bench rate</c>, in the order of the table.</summary>
    static readonly (int Packets, int Workers, string Sink)[] rates =
    [
        (1, 1, "null"), (1, 1, "eve"), (1, 2, "null"), (1, 2, "eve"),
        (10, 1, "null"), (10, 1, "eve"), (10, 2, "null"), (10, 2, "eve"),
    ];

    /// <summary>The tiers of the cascade that <c>benchmarks/run.sh</c> trains, by their result files.</summary>
    static readonly string[] tiers = ["dt-1", "lgbm-1", "lgbm-10"];

    /// <summary>The numbers of workers that <c>benchmarks/scaling</c> measures.</summary>
    static readonly int[] workers = [1, 2, 4, 8, 16];

    /// <param name="kind">The word after <c>figures:</c> in a marker.</param>
    /// <param name="results">The results of the processor that the marker names.</param>
    /// <exception cref="ArgumentException">No such kind.</exception>
    public static string Write(string kind, ResultFiles results) => kind switch
    {
        "machine" => Machine(results),
        "engines" => Engines(results.Model("model")),
        "speedups" => SpeedupTable(results.Model("model")),
        "tiers" => Tiers(results),
        "rate" => Rate(results),
        "scaling" => Scaling(results),
        "breakdown" => Breakdown(results),
        "latency" => Latency(results.Latency()),
        "summary" => Summary(results),
        "splits" => SplitText.Write(results, SplitText.Everything),
        "accuracy" => SplitText.Write(results, SplitText.Headline),
        "comparison" => SplitText.WriteBesidePaper(results),
        "promises" => PromiseText.Write(results),
        "formula" => ScaleText.Formula(results.Scale()),
        "sizing" => ScaleText.Sizing(results.Scale()),
        "waits" => ScaleText.Waits(results.Scale()),
        "limits" => ScaleText.Limits(results.Scale()),
        "overload" => ScaleText.Overload(results.Scale()),
        "credits" => ScaleText.Credits(results.Scale()),
        "checked-rates" => ScaleText.CheckedRates(results.Scale()),
        "checked-times" => ScaleText.CheckedTimes(results.Scale()),
        _ => throw new ArgumentException($"'{kind}' is no kind of figures", nameof(kind)),
    };

    static string Machine(ResultFiles results) =>
        $"Measured on {results.Machine("processor")}; commit {results.Machine("commit")}, {results.Machine("date")}.";

    static string Engines(ModelRun run) => Table(
        "| engine | batch | ns/flow | median | max \\|Δp\\| |", "|---|--:|--:|--:|--:|",
        run.Engines.Select(e => $"| `{e.Engine}` | {e.Batch:N0} | {e.NsPerFlow:N0} | {e.NsPerFlowMedian:N0} | "
            + (e.Engine == "lightgbm" ? "|" : $"{e.MaxAbsDiff:0.0e-0} |")));

    static string SpeedupTable(ModelRun run) => $"""
        | compared with bit-sliced, batch 512 | its best time ÷ ours |
        |---|--:|
        | LightGBM, single row | {run.Speedup.LightgbmSingle:N0}x |
        | LightGBM, batch | {run.Speedup.LightgbmBatch:N0}x |
        | ONNX Runtime | {run.Speedup.Onnxruntime:N0}x |
        | plain walk | {run.Speedup.Reference:N0}x |
        """;

    static string Tiers(ResultFiles results) => Table(
        "| tier | trees × leaves at most | columns used | bit-sliced | of which feature extraction "
            + "| LightGBM single / batch | ONNX Runtime | single ÷ ours |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        tiers.Select(tier => TierRow(tier.Replace('-', '@'), results.Model($"model-{tier}"))));

    static string TierRow(string name, ModelRun run) =>
        $"| {name} | {run.Model.Trees:N0} × {run.Model.Leaves:N0} | {run.Model.ColumnsUsed:N0} "
        + $"| {run.BitSliced:N0} ns | {run.PlanesNsPerFlow:N0} ns "
        + $"| {Best(run, "lightgbm", single: true):N0} / {Best(run, "lightgbm", single: false):N0} ns "
        + $"| {Best(run, "onnxruntime", single: false):N0} ns | {run.Speedup.LightgbmSingle:N0}x |";

    static double Best(ModelRun run, string engine, bool single) =>
        run.Engines.Where(e => e.Engine == engine && e.Batch == 1 == single).Min(e => e.NsPerFlow);

    static string Rate(ResultFiles results) => Table(
        "| packets a flow | workers | records | new flows/s | packets/s | bytes allocated a packet "
            + "| ÷ one worker | ÷ no records |",
        "|--:|--:|---|--:|--:|--:|--:|--:|",
        rates.Select(rate => RateRow(results.Rate(rate.Packets, rate.Workers, rate.Sink),
            one: results.Rate(rate.Packets, 1, rate.Sink), silent: results.Rate(rate.Packets, rate.Workers, "null"))));

    static string RateRow(RateRun run, RateRun one, RateRun silent) =>
        $"| {run.PacketsPerFlow} | {run.Workers} | {(run.Sink == "null" ? "none" : "EVE")} "
        + $"| {Thousands(run.FlowsPerSecond)} | {Thousands(run.PacketsPerSecond)} "
        + $"| {run.AllocatedBytesPerPacket:0.000} "
        + (run.Workers == 1 ? "| " : $"| {run.FlowsPerSecond / one.FlowsPerSecond:0.00}x ")
        + (run.Sink == "null" ? "| |" : $"| {run.FlowsPerSecond / silent.FlowsPerSecond:0 %} |");

    /// <summary>Rates without records by the number of workers.</summary>
    static string Scaling(ResultFiles results) => Table(
        "| workers | new flows/s, 1 packet | ÷ one worker | new flows/s, 10 packets | ÷ one worker |",
        "|--:|--:|--:|--:|--:|",
        workers.Select(count => $"| {count} {ScalingCells(results, 1, count)}{ScalingCells(results, 10, count)}|"));

    static string ScalingCells(ResultFiles results, int packets, int count)
    {
        var (run, one) = (results.Rate(packets, count, "null"), results.Rate(packets, 1, "null"));
        return $"| {Thousands(run.FlowsPerSecond)} | {run.FlowsPerSecond / one.FlowsPerSecond:0.00}x ";
    }

    /// <summary>Splits the time of a flow of one packet into the tiers that it reaches and everything else.</summary>
    static string Breakdown(ResultFiles results)
    {
        var run = results.Rate(1, 1, "null");
        var (rows, reached, models) = (new List<string>(), 1.0, 0.0);
        foreach (var (name, tier) in tiers.Zip(run.Tiers))
        {
            var ns = results.Model($"model-{name}").BitSliced;
            rows.Add($"| {name.Replace('-', '@')} | {reached:0.0 %} | {ns:N0} ns | {reached * ns:N0} ns |");
            models += reached * ns;
            reached -= tier.AnsweredShare;
        }

        rows.Add($"| everything else | 100.0 % | | {run.NsPerPacket - models:N0} ns |");
        rows.Add($"| **all** | | | **{run.NsPerPacket:N0} ns** |");
        return Table("| part | flows that reach it | each | a flow |", "|---|--:|--:|--:|", rows);
    }

    static string Latency(LatencyRun run) => Table(
        "| new flows/s offered | all flows: p50, p99 | under 1 ms | under 16 ms | answered from packet 1 "
            + "| their p50, p99 | packets dropped | `overload` |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
        run.Offered.Select(load =>
            $"| {Thousands(load.FlowsPerSecond)} | {Time(load.P50Us)}, {Time(load.P99Us)} "
            + $"| {load.UnderOneMs:0.0 %} | {load.UnderSixteenMs:0.0 %} | {load.FirstPacket.Share:0.0 %} "
            + $"| {Time(load.FirstPacket.P50Us)}, {Time(load.FirstPacket.P99Us)} "
            + $"| {load.Dropped:N0} | {load.Overload:N0} |"));

    /// <summary>Writes the README's paragraph on speed.</summary>
    static string Summary(ResultFiles results)
    {
        var (one, ten, model) = (results.Rate(1, 1, "null"), results.Rate(10, 1, "null"), results.Model("model"));
        var (times, millions) = (model.Speedup, ten.PacketsPerSecond / 1e6);
        return $"""
            One worker ({results.Machine("processor")}) classifies
            **{Thousands(one.FlowsPerSecond)} new flows a second** of one packet, or {Thousands(ten.FlowsPerSecond)}
            of ten packets ({millions:0.0} million packets a second), with a cascade of dt@1, lgbm@1 and lgbm@10.
            The paper's server took 48,500 on 16 cores. {model.Model.Trees:N0} boosted trees take
            {model.BitSliced / 1e3:0.00} µs a flow, features included. LightGBM's own single-row call takes
            {times.LightgbmSingle:N0} times as long, its batch call {times.LightgbmBatch:N0} times,
            ONNX Runtime {times.Onnxruntime:N0} times.
            """;
    }

    public static string Thousands(double value) =>
        value >= 1e6 ? $"{value / 1e6:0.00} M" : $"{Math.Round(value / 1e3) * 1e3:N0}";

    public static string Time(double us) =>
        us >= 1e6 ? $"{us / 1e6:0.0} s" : us >= 1e3 ? $"{us / 1e3:0.0} ms" : $"{us:0} µs";

    public static string Table(string head, string rule, IEnumerable<string> rows) =>
        new StringBuilder().AppendJoin('\n', [head, rule, .. rows]).ToString();
}
