using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>Chooses the tiers as they were asked for, and finds the cascades that none beats beside them.</summary>
public sealed class PlacementRun
{
    readonly PlacementOptions options;
    readonly IReadOnlyList<IReadOnlyList<TierCandidate>> chains;
    readonly ChainChooser chooser;
    readonly Lazy<SearchPlacer> search;

    /// <param name="flows">The calibration flows.</param>
    /// <param name="parts">The part of each, from 0; no capture is in two. Whatever is fitted is judged on parts that
    /// it was not fitted on.</param>
    /// <param name="options">The tiers that were asked for, or what to choose them by.</param>
    /// <exception cref="InputException">No cascade keeps the objective's limits.</exception>
    public PlacementRun(FlowSample flows, int[] parts, IReadOnlyList<TierCandidate> candidates,
        PlacementOptions options, CancellationToken cancel)
    {
        this.options = options;
        (Flows, Parts, Candidates) = (flows, parts, candidates);
        search = new(() => new(flows, candidates, Goal, Objective ?? new(PlacementAim.Mean), cancel));
        chains = options.Tiers is { } tiers ? [[.. tiers.Select(s => candidates.First(c => c.Spec == s))]]
            : Objective is null ? [.. CandidateChains.List(candidates)]
            : search.Value.Chains();
        chooser = new(flows, parts, options.Fitted ?? new(flows, parts, Goal.Calibration), Goal, ThresholdRule,
            Objective is { } aim ? new LeastCost(aim) : new EarlyAnswers(), Reference,
            candidates.Min(c => c.Spec.Depth), options.Seed);
        Chosen = Promised(chooser.Choose(chains, null, cancel))
            ?? throw new InputException("no cascade keeps these limits on the calibration flows; allow more time, a "
                + "lower rate or a lower F1, or give more kinds of models and packet depths")
            {
                Settings = [Setting.Models, Setting.Depths],
            };
        Cascade = ToCascade(Chosen);
    }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    public AssignmentGoal Goal => options.Goal;

    /// <summary>Gets the objective of the search; null where the goal or the tiers themselves were given.</summary>
    public PlacementObjective? Objective => options.Objective;

    /// <summary>Gets whether the tiers were asked for by name.</summary>
    public bool IsGiven => options.Tiers is not null;

    public PlacedCascade Cascade { get; }

    /// <summary>Gets the cascades that none beats; searched for when they are first asked for.</summary>
    public CascadeFront Front => search.Value.Front;

    /// <summary>Gets the calibration flows.</summary>
    internal FlowSample Flows { get; }

    /// <summary>Gets the part of each flow.</summary>
    internal int[] Parts { get; }

    /// <summary>Gets the seed of the draws of captures.</summary>
    internal int Seed => options.Seed;

    /// <summary>Gets what is promised of the early answers; null where nothing is.</summary>
    internal LossPromise? Promise => options.Promise;

    /// <summary>Gets the chain that was chosen, with its path and its level.</summary>
    internal ChosenChain Chosen { get; }

    /// <summary>Gets the model that losses are counted against.</summary>
    internal TierCandidate Reference => Objective is null
        ? chains[0][^1]
        : Candidates.OrderByDescending(c => c.WeightedF1).First();

    /// <summary>Gets the weighted F1 that may be lost; null where nothing bounds it.</summary>
    internal double? MaxLoss => Objective switch
    {
        { Aim: PlacementAim.F1 } => null,
        { MinF1: { } least } => Reference.WeightedF1 - least,
        _ => Goal.MaxLoss,
    };

    /// <summary>
    /// Gets whether early answers may be given up for shorter waits: not where a share that may wait, an objective or a
    /// promise says what is wanted. A promise is tested on one path; the best of several would need more evidence.
    /// </summary>
    internal bool MayGiveUpEarlyAnswers => Goal.Budget is null && Objective is null && Promise is null;

    /// <summary>Gets the rule for thresholds: they may use all of the loss, and escalation timeouts get what they
    /// leave.</summary>
    LevelRule ThresholdRule => new(MaxLoss) { MaxWaitShare = Goal.Budget };

    /// <summary>Chooses the way and the level of tiers anew, by what has become known of them.</summary>
    internal ChosenChain Refine(IReadOnlyList<TierCandidate> tiers, CancellationToken cancel) =>
        Promised(chooser.Choose([tiers], null, cancel)) ?? Chosen;

    /// <summary>Takes a path at a given level.</summary>
    internal ChosenChain AtLevel(ChainPath path, int level) => chooser.At(path, level);

    /// <summary>Lowers a chain to a level that keeps the promise, where one was asked for.</summary>
    ChosenChain? Promised(ChosenChain? chosen) => chosen is null || options.Promise is not { } promise
        ? chosen
        : PromisedLevel.Lower(chosen, this, promise);

    /// <summary>Computes the weighted F1 lost where all is chosen on some parts of the flows and judged on another;
    /// null where that cannot be told. Takes longer than placing the tiers.</summary>
    internal double? NestedLoss(CancellationToken cancel) =>
        Chosen.Path.Tiers.Count == 1 ? null : chooser.NestedLoss(chains, cancel);

    /// <summary>Calibrates a chain that was chosen, as it will be served.</summary>
    internal PlacedCascade ToCascade(ChosenChain chosen) => ChainCalibration.Calibrate(chosen, this, chooser);
}
