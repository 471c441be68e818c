using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// The way of an evaluation's flows through the cascade: what each tier did with those that reached it.
/// </summary>
/// <param name="Tiers">The tiers in their order; the first is reached by every flow, and each escalates to the
/// next.</param>
/// <param name="Classes">The flows by true class.</param>
public sealed record FlowPaths(IReadOnlyList<TierFlows> Tiers, IReadOnlyList<ClassFlows> Classes)
{
    /// <param name="names">The names of the tiers.</param>
    /// <param name="depths">Packets that each tier waits for.</param>
    internal static FlowPaths Compute(CascadeRun run, AnswerTimes times, IReadOnlyList<string> names,
        int[] depths, FlowSample sample)
    {
        var flows = Enumerable.Range(0, run.Flows).ToLookup(run.Tier);
        var ms = Enumerable.Range(0, run.Flows).Select(f => times.LatencyMs(f, 0, run.Tier(f))).ToArray();
        var tiers = names.Select((name, tier) => Tier(tier, name, depths[tier], [.. flows[tier]]));
        var byClass = Enumerable.Range(0, run.Flows).ToLookup(f => sample.Labels[f]);
        return new([.. tiers], [.. Enumerable.Range(0, sample.Classes.Count).Select(c => Class([.. byClass[c]]))]);

        TierFlows Tier(int tier, string name, int depth, int[] answered)
        {
            bool IsRight(int flow) => run.Answer(flow) == sample.Labels[flow];
            bool IsWrong(int flow) => !IsRight(flow) && run.Answer(flow) != ConfusionMatrix.Unanswered;
            bool IsWhole(int flow) => times.Packets(flow, tier) >= depth;
            return new()
            {
                Name = name,
                Packets = depth,
                Right = answered.Count(f => IsWhole(f) && IsRight(f)),
                Wrong = answered.Count(f => IsWhole(f) && IsWrong(f)),
                ShortRight = answered.Count(f => !IsWhole(f) && IsRight(f)),
                ShortWrong = answered.Count(f => !IsWhole(f) && IsWrong(f)),
                Unknown = answered.Count(f => run.Answer(f) == ConfusionMatrix.Unanswered),
                Escalated = run.Escalated(tier),
                LatencyMs = Curve(answered),
            };
        }

        ClassFlows Class(int[] members) => new(members.Length, members.Count(f => depths[run.Tier(f)] == 1),
            Quantiles.At([.. members.Select(f => ms[f]).Order()], 0.5));

        double[] Curve(int[] answered)
        {
            double[] sorted = [.. answered.Select(f => ms[f]).Order()];
            return sorted.Length == 0
                ? []
                : Quantiles.Curve(sorted);
        }
    }
}

/// <summary>
/// Counts what one tier did with the flows that reached it. Each of them is in one of the six counts.
/// </summary>
public sealed record TierFlows
{
    public required string Name { get; init; }

    /// <summary>Gets the number of packets that the tier waits for.</summary>
    public required int Packets { get; init; }

    /// <summary>Answered rightly, on all the packets that the tier waits for.</summary>
    public required int Right { get; init; }

    public required int Wrong { get; init; }

    /// <summary>Answered rightly on fewer packets: the flow ended, or the wait limit was reached.</summary>
    public required int ShortRight { get; init; }

    public required int ShortWrong { get; init; }

    /// <summary>Answered without a class: they look like none that the bundle knows.</summary>
    public int Unknown { get; init; }

    public required int Escalated { get; init; }

    /// <summary>
    /// Time to the answer at evenly spaced shares of the flows that it answered; empty where there is none.
    /// </summary>
    public required IReadOnlyList<double> LatencyMs { get; init; }

    public int Answered => Right + Wrong + ShortRight + ShortWrong + Unknown;

    public int Reached => Answered + Escalated;
}

/// <summary>Tells how soon the flows of a class are answered.</summary>
/// <param name="Flows">The number of flows of the class.</param>
/// <param name="FirstPacket">Answered by a tier that waits for one packet.</param>
/// <param name="MedianMs">Time to the answer; 0 where the class has no flow.</param>
public sealed record ClassFlows(int Flows, int FirstPacket, double MedianMs);
