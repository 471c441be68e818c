using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>Represents the JSON object of a latency benchmark, which the report draws.</summary>
public sealed record LoadRun
{
    /// <summary>Gets the name of the processor.</summary>
    public required string Cpu { get; init; }

    /// <summary>Gets the number of threads that classified.</summary>
    public required int Workers { get; init; }

    /// <summary>Offered loads, by rising load where they were read from a file; not empty.</summary>
    [JsonPropertyName("offered")]
    public required IReadOnlyList<LoadPoint> Points { get; init; }

    /// <summary>Reads the JSON object that the benchmark printed.</summary>
    /// <exception cref="InputException">The file cannot be read or is something else; the message names the
    /// field.</exception>
    public static LoadRun Read(string path)
    {
        try
        {
            var run = DocumentJson.Parse<LoadRun>(File.ReadAllBytes(path));
            run.Check();
            return run with { Points = [.. run.Points.OrderBy(point => point.Offered)] };
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: is not the JSON object that the latency benchmark prints "
                + $"({e.Reason}); keep what it prints in a file", e)
            {
                Settings = [Setting.Load],
            };
        }
    }

    void Check()
    {
        if (Cpu is null || Points is not { Count: > 0 } || Points.Any(point => point is null))
        {
            throw new JsonException("'cpu' or 'offered' is empty");
        }

        if (Points.FirstOrDefault(point => point.Offered <= 0 || !double.IsFinite(point.Offered)) is { } bad)
        {
            throw new JsonException($"'flows_per_second' is {bad.Offered}");
        }
    }
}

/// <summary>Holds what was measured at one offered load.</summary>
public sealed record LoadPoint
{
    /// <summary>Gets the new flows a second.</summary>
    [JsonPropertyName("flows_per_second")]
    public required double Offered { get; init; }

    /// <summary>Gets the number of flows that were taken up; 0 where the run does not say.</summary>
    public long Flows { get; init; }

    /// <summary>Gets the number of packets that arrived, those dropped included; 0 where the run does not
    /// say.</summary>
    public long Packets { get; init; }

    /// <summary>Gets the number of flows a second that were taken up.</summary>
    public required double Achieved { get; init; }

    /// <summary>Wall-clock seconds of the run; 0 where the run does not say.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the seconds of CPU time that the process took in it, over all threads; 0 where the run does not
    /// say.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>
    /// Seconds that a worker, the worst of several, was ready to run and had no core; 0 where the run does not say.
    /// </summary>
    public double CoreWaitSeconds { get; init; }

    /// <summary>Gets the seconds for which garbage collections stopped all threads; 0 where the run does not
    /// say.</summary>
    public double PausedSeconds { get; init; }

    /// <summary>Gets the microseconds from when a flow's first packet was due to its answer, at the median.</summary>
    public required double P50Us { get; init; }

    /// <summary>Gets the same at 99 % of the flows.</summary>
    public required double P99Us { get; init; }

    /// <summary>Gets the same at 99.9 % of the flows.</summary>
    public required double P999Us { get; init; }

    /// <summary>Gets the share of the flows answered in less than a millisecond; 0 where the run does not
    /// say.</summary>
    [JsonPropertyName("under_1ms")]
    public double Under1Ms { get; init; }

    /// <summary>Gets the share of the flows answered in less than 16 ms.</summary>
    [JsonPropertyName("under_16ms")]
    public required double Under16Ms { get; init; }

    /// <summary>Gets the number of packets for which there was no room.</summary>
    public required long Dropped { get; init; }

    /// <summary>Gets the number of flows without an answer.</summary>
    public required long Unanswered { get; init; }

    /// <summary>Gets the number of flows that were answered by an earlier tier than they would have been without the
    /// load.</summary>
    public long Overload { get; init; }

    /// <summary>Gets the flows answered from their first packet; zeros where the run does not say.</summary>
    public FirstPacketLatency FirstPacket { get; init; }

    [JsonIgnore]
    public double DroppedShare => Packets == 0 ? 0 : (double)Dropped / Packets;

    [JsonIgnore]
    public double OverloadShare => Flows == 0 ? 0 : (double)Overload / Flows;

    /// <summary>Gets the share of the offered flows that were not served at the pace at which they came.</summary>
    [JsonIgnore]
    public double Missed => Math.Clamp(1 - (Achieved / Offered), 0, 1);
}

/// <summary>Tells how soon the flows that were answered from their first packet were answered.</summary>
/// <param name="Share">Their share of all flows.</param>
/// <param name="P50Us">Microseconds to the answer at the median.</param>
/// <param name="P99Us">The same at 99 % of them.</param>
/// <param name="P999Us">The same at 99.9 % of them.</param>
public readonly record struct FirstPacketLatency(double Share, double P50Us, double P99Us, double P999Us);
