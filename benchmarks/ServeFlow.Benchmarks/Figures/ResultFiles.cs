using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Benchmarks.Figures;

/// <summary>A <c>model*.json</c>: what <c>serveflow bench model --json</c> printed.</summary>
sealed record ModelRun(ModelShape Model, EngineTime[] Engines, double PlanesNsPerFlow, Speedups Speedup)
{
    /// <summary>Gets our own time with a full batch, which all others are compared with.</summary>
    public double BitSliced => Engines.Last(engine => engine.Engine == "bitsliced").NsPerFlow;

    /// <summary>Computes our own time of a batch in nanoseconds, the median of the rounds.</summary>
    /// <param name="flows">The flows of the batch, which must have been measured.</param>
    public double BatchTime(int flows) =>
        flows * Engines.Single(engine => engine.Engine == "bitsliced" && engine.Batch == flows).NsPerFlowMedian;
}

sealed record ModelShape(int Trees, int Leaves, int Columns, int Classes, int ColumnsUsed);

sealed record EngineTime(string Engine, int Batch, double NsPerFlow, double NsPerFlowMedian, double MaxAbsDiff);

/// <summary>The best time of each other engine, divided by ours.</summary>
sealed record Speedups(double LightgbmSingle, double LightgbmBatch, double Onnxruntime, double Reference);

/// <summary>A <c>rate-*.json</c>: what <c>serveflow bench rate --json</c> printed.</summary>
sealed record RateRun(
    int Workers, string Sink, int PacketsPerFlow, double FlowsPerSecond, double PacketsPerSecond, double NsPerPacket,
    double AllocatedBytesPerPacket, TierShare[] Tiers);

sealed record TierShare(string Name, double AnsweredShare);

/// <summary>The <c>latency.json</c>: what <c>serveflow bench latency --json</c> printed.</summary>
sealed record LatencyRun(LatencyLoad[] Offered);

sealed record LatencyLoad(
    double FlowsPerSecond, double P50Us, double P99Us, [property: JsonPropertyName("under_1ms")] double UnderOneMs,
    [property: JsonPropertyName("under_16ms")] double UnderSixteenMs, long Dropped, long Overload,
    FirstPacketLatency FirstPacket);

sealed record FirstPacketLatency(double Share, double P50Us, double P99Us);

/// <summary>A file of <c>results/splits</c>: a part of what <c>train --splits --json</c> printed.</summary>
sealed record SplitRuns(int Captures, string Features, SplitSummary Splits);

/// <summary>Holds what the splits showed.</summary>
/// <param name="Within">The number of splits that lost no more than was asked.</param>
/// <param name="Figures">The figures by name.</param>
sealed record SplitSummary(int Count, double MaxLoss, int Within, Dictionary<string, SplitMean> Figures);

/// <summary>Represents a figure over the splits.</summary>
/// <param name="Interval">The ends of the 95 % interval of the mean.</param>
sealed record SplitMean(double Mean, double Deviation, double[] Interval, double Min, double Max);

/// <summary>Reads the results of one processor, as <c>benchmarks/run.sh</c> wrote them, or those of splits.</summary>
/// <param name="folder">The path of <c>benchmarks/results/PROCESSOR</c>, <c>benchmarks/results/splits</c> or another
/// folder beside them.</param>
sealed class ResultFiles(string folder)
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
    };

    public ModelRun Model(string name) => Read<ModelRun>(name);

    public RateRun Rate(int packets, int workers, string sink) =>
        Read<RateRun>($"rate-{packets}-packets-{workers}-workers-{sink}");

    public SplitRuns Splits(string name) => Read<SplitRuns>(name);

    /// <summary>Determines whether there is a file of a name.</summary>
    public bool Has(string name) => File.Exists(Path.Combine(folder, name + ".json"));

    public PromiseRun Promises(string name) => Read<PromiseRun>(name);

    public LatencyRun Latency() => Read<LatencyRun>("latency");

    public ScaleRun Scale() => Read<ScaleRun>("scale");

    /// <summary>Gets the value of a line of <c>machine.txt</c>, such as <c>processor</c> or <c>commit</c>.</summary>
    public string Machine(string key) => File.ReadLines(Path.Combine(folder, "machine.txt"))
        .First(line => line.StartsWith(key + " ", StringComparison.Ordinal))[key.Length..].Trim();

    T Read<T>(string name) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(folder, name + ".json")), Options)!;
}
