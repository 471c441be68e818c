using ServeFlow.Cascade;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Scores one tier's part in an evaluation.</summary>
public sealed record TierScore
{
    public required string Name { get; init; }

    public required string Model { get; init; }

    public required int Packets { get; init; }

    /// <summary>Gets the share of all flows that it answered.</summary>
    public required double AnsweredShare { get; init; }

    /// <summary>Gets the share of all flows that it passed on.</summary>
    public required double EscalatedShare { get; init; }

    /// <summary>Gets the weighted F1 of its model, were it to answer every flow.</summary>
    public required double WeightedF1 { get; init; }

    /// <summary>Gets the share that it passed on of the flows that reached it and that it got wrong. Flows that are
    /// answered without a tier reach none.</summary>
    public required double ErrorsCaught { get; init; }

    public required double NsPerFlow { get; init; }

    /// <summary>Gets the intervals of these figures; null where none were computed.</summary>
    public TierIntervals? Interval { get; init; }

    /// <param name="number">The tier's number, from 0.</param>
    /// <param name="run">The tiers' predictions of the flows, and the answers.</param>
    /// <param name="costNs">Computing per flow.</param>
    internal static TierScore Compute(CascadePlan plan, int number, ServedAnswers run, FlowSample flows,
        CaptureDraws captures, double costNs)
    {
        var tier = plan.Tiers[number];
        var score = new CascadeScore(run.Asked, run.Tiers, run.Depths, flows);
        var alone = run.Alone(number);
        return new()
        {
            Name = tier.Name,
            Model = tier.Model,
            Packets = tier.PacketDepth,
            AnsweredShare = score.AnsweredShare(number),
            EscalatedShare = score.EscalatedShare(number),
            WeightedF1 = alone.Score(flows).WeightedF1,
            ErrorsCaught = score.ErrorsCaught(number),
            NsPerFlow = costNs,
            Interval = TierIntervals.Compute(number, alone, run.Asked, flows, captures),
        };
    }
}

/// <summary>Holds the intervals of a tier's figures.</summary>
/// <param name="ErrorsCaught">Null where it gets no flow wrong.</param>
public sealed record TierIntervals(Interval AnsweredShare, Interval EscalatedShare, Interval WeightedF1,
    Interval? ErrorsCaught)
{
    /// <param name="alone">The tier's answers to every flow.</param>
    internal static TierIntervals Compute(int number, CascadeRun alone, CascadeRun cascade, FlowSample flows,
        CaptureDraws captures)
    {
        SystemAnswer[] answers =
            [.. Enumerable.Range(0, flows.Count).Select(flow => new SystemAnswer(flow, alone.Answer(flow), 0, 0))];
        var f1 = ClassDraws.Compute(captures, flows.Labels, flows.Classes.Count, answers).WeightedF1();
        return new(Share(flow => cascade.Tier(flow) == number), Share(flow => cascade.Tier(flow) > number),
            Interval.From(f1)!.Value, Interval.From(DrawErrorsCaught(number, alone, cascade, flows, captures)));

        Interval Share(Func<int, bool> isMeant) =>
            Interval.From(captures.Means(flow => isMeant(flow) ? 1 : 0))!.Value;
    }

    /// <summary>
    /// Computes, on each draw, the share that a tier passes on of the flows that reach it and that it gets wrong.
    /// </summary>
    internal static double[] DrawErrorsCaught(int number, CascadeRun alone, CascadeRun cascade, FlowSample flows,
        CaptureDraws captures)
    {
        return captures.Ratios(flow => IsWrong(flow) && cascade.Tier(flow) > number ? 1 : 0,
            flow => IsWrong(flow) ? 1 : 0);

        bool IsWrong(int flow) => cascade.Reaches(flow, number) && alone.Answer(flow) != flows.Labels[flow];
    }
}
