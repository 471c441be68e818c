using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Searches all cascades for an objective. Which of the best keeps what was asked, and at which level, is told by
/// walking them afterwards.
/// </summary>
public sealed class SearchPlacer
{
    /// <summary>Limits the flows on which cascades are searched; what is chosen is calibrated on all.</summary>
    const int MaxFlows = 10_000;

    /// <summary>Specifies the number of cascades of each rung that are walked.</summary>
    const int Tried = 12;

    /// <summary>
    /// Calibration does better than the search's one threshold for all classes: what falls short by so little is
    /// tried all the same.
    /// </summary>
    const double SearchSlack = 0.003;

    /// <summary>Lists the shares of the loss allowed at which the best cascades are looked at.</summary>
    static readonly double[] LossShares = [0, 0.25, 0.5, 1];

    readonly IReadOnlyList<TierCandidate> candidates;
    readonly AssignmentGoal goal;
    readonly PlacementObjective objective;
    readonly PointSelection selection;
    readonly CascadeSearch search;
    readonly int sampled;

    /// <summary>Searches.</summary>
    /// <param name="flows">The calibration flows.</param>
    public SearchPlacer(FlowSample flows, IReadOnlyList<TierCandidate> candidates, AssignmentGoal goal,
        PlacementObjective objective, CancellationToken cancel = default)
    {
        this.candidates = candidates;
        this.goal = goal;
        this.objective = objective;
        var positions = EvenSample.Indices(flows.Count, MaxFlows);
        sampled = positions.Length;
        search = new([.. candidates.Select(c => c.Subset(positions))], flows.Subset(positions));
        selection = search.Run(Rungs(), objective, cancel);
    }

    /// <summary>Gets the cascades that none beats, whatever was asked for.</summary>
    public CascadeFront Front => field ??= CascadeFront.From(search, selection.Front);

    /// <summary>Gets the chains of tiers of the best cascades of every rung, short ones first.</summary>
    public IReadOnlyList<IReadOnlyList<TierCandidate>> Chains() =>
    [
        .. selection.ByRung.SelectMany(points => points.Take(Tried))
            .Select(point => search.Describe(point.Choices).Tiers)
            .DistinctBy(tiers => string.Join(',', tiers)).OrderBy(tiers => tiers.Count)
            .ThenBy(tiers => string.Join(',', tiers), StringComparer.Ordinal)
            .Select(tiers => tiers.Select(spec => candidates.First(c => c.Spec == spec)).ToArray()),
    ];

    /// <summary>
    /// Lists what cascades must reach, strict first: which of them keep the loss on other captures is told by walking
    /// their levels, and those that are the best at a strict limit are not those at a lax one.
    /// </summary>
    /// <returns>Flows that must be answered rightly in the search.</returns>
    IReadOnlyList<int> Rungs()
    {
        var accuracy = (double)search.BestCorrect / sampled;
        double[] rungs = (objective.Aim, objective.MinF1) switch
        {
            (PlacementAim.F1, _) => [0],
            (_, { } least) => [least],
            _ => [.. LossShares.Select(share => accuracy - (goal.MaxLoss * share))],
        };
        return [.. rungs.Select(rung => (int)((rung - SearchSlack) * sampled))];
    }
}
