using System.Text.Json.Serialization;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>Scores one system on the flows of an evaluation. Every labelled flow counts.</summary>
public sealed record SystemScore
{
    public required double WeightedF1 { get; init; }

    public required double MacroF1 { get; init; }

    public required double Accuracy { get; init; }

    public required int Answered { get; init; }

    public required int Unanswered { get; init; }

    public required double MeanMs { get; init; }

    public required double MedianMs { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    /// <summary>Gets the share of all flows answered in less than a millisecond.</summary>
    [JsonPropertyName("under_1ms")]
    public required double Under1Ms { get; init; }

    /// <summary>Gets the share of all flows answered in less than 16 ms.</summary>
    [JsonPropertyName("under_16ms")]
    public required double Under16Ms { get; init; }

    /// <summary>Gets the number of packets that answers rest on, on average.</summary>
    public required double PacketsMean { get; init; }

    /// <summary>Gets the intervals of these figures; null where none were computed.</summary>
    public SystemIntervals? Interval { get; init; }

    /// <summary>
    /// Time to the answer at evenly spaced shares of the flows, from the soonest to the last.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<double> LatencyMs { get; init; } = [];

    /// <param name="matrix">The system's answers.</param>
    /// <param name="milliseconds">Time to each answer.</param>
    /// <param name="packets">Packets behind each answer.</param>
    internal static SystemScore From(ConfusionMatrix matrix, double[] milliseconds, double packets)
    {
        Array.Sort(milliseconds);
        return new()
        {
            WeightedF1 = matrix.WeightedF1,
            MacroF1 = matrix.MacroF1,
            Accuracy = matrix.Accuracy,
            Answered = milliseconds.Length,
            Unanswered = matrix.Total - milliseconds.Length,
            MeanMs = milliseconds.DefaultIfEmpty(0).Average(),
            MedianMs = Quantiles.At(milliseconds, 0.5),
            P90Ms = Quantiles.At(milliseconds, 0.9),
            P99Ms = Quantiles.At(milliseconds, 0.99),
            Under1Ms = Share(milliseconds, matrix.Total, 1),
            Under16Ms = Share(milliseconds, matrix.Total, 16),
            PacketsMean = packets,
            LatencyMs = Quantiles.Curve(milliseconds),
        };
    }

    /// <summary>Gets the mean of each figure over several scores of the same flows.</summary>
    internal static SystemScore Average(IReadOnlyList<SystemScore> scores) => new()
    {
        WeightedF1 = scores.Average(s => s.WeightedF1),
        MacroF1 = scores.Average(s => s.MacroF1),
        Accuracy = scores.Average(s => s.Accuracy),
        Answered = scores[0].Answered,
        Unanswered = scores[0].Unanswered,
        MeanMs = scores.Average(s => s.MeanMs),
        MedianMs = scores.Average(s => s.MedianMs),
        P90Ms = scores.Average(s => s.P90Ms),
        P99Ms = scores.Average(s => s.P99Ms),
        Under1Ms = scores.Average(s => s.Under1Ms),
        Under16Ms = scores.Average(s => s.Under16Ms),
        PacketsMean = scores.Average(s => s.PacketsMean),
        LatencyMs = [.. scores[0].LatencyMs.Select((_, step) => scores.Average(s => s.LatencyMs[step]))],
    };

    static double Share(double[] sorted, int total, double limit) =>
        total == 0 ? 0 : (double)sorted.Count(ms => ms < limit) / total;
}
