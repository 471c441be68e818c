using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a chain of candidates with a path of levels: which tier answers each flow at each
/// level.</summary>
/// <param name="Tiers">The candidates in order; the last answers everything.</param>
/// <param name="Orders">The order of escalation of every tier but the last.</param>
/// <param name="Pace">How much laxer each tier is than the one before; see <see cref="LevelPath"/>.</param>
/// <param name="FirstDepth">Packets of the candidates that wait least.</param>
sealed record ChainPath(IReadOnlyList<TierCandidate> Tiers, IReadOnlyList<EscalationOrder> Orders, double Pace,
    int FirstDepth)
{
    /// <summary>Gets the first level at which each tier but the last answers each flow, [tier][flow].</summary>
    public byte[][] Levels { get; } =
        [.. Orders.Select((order, tier) => LevelPath.FirstLevels(order.Shares, tier, Pace))];

    /// <summary>Gets the number of tiers that wait for no more packets than any candidate does.</summary>
    public int FirstDepths => Tiers.TakeWhile(tier => tier.Spec.Depth == FirstDepth).Count();

    /// <summary>Gets the tier that answers a flow at a level.</summary>
    public int Tier(int flow, int level)
    {
        var tier = 0;
        while (tier < Levels.Length && Levels[tier][flow] > level)
        {
            tier++;
        }

        return tier;
    }

    /// <summary>Gets the rules of every tier but the last at a level, fitted on all flows.</summary>
    public IEnumerable<TierRule> Rules(int level) => Orders.Select((order, tier) =>
        order.Rule(LevelPath.EscalatedShare(level, tier, Pace)));

    /// <summary>Gets the rules of every tier but the last at a level, fitted on all flows but a part's.</summary>
    public IEnumerable<TierRule> PartRules(int part, int level) => Orders.Select((order, tier) =>
        order.PartRule(part, LevelPath.EscalatedShare(level, tier, Pace)));

    /// <summary>Measures what the chain does with flows at a level.</summary>
    /// <param name="positions">The position of each of the flows among all.</param>
    public CascadePoint Measure(FlowSample flows, int level, int[] positions) => CascadePoint.Measure(Tiers, flows,
        positions, flow => Tier(flow, level));
}
