using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Says which lane answers new flows. Immutable; replaced whole.</summary>
/// <param name="Main">Answers the flows that no other lane does.</param>
/// <param name="Canary">Answers a share of the flows; null where there is none.</param>
/// <param name="Share">The canary's share of flows, from 0 to 1.</param>
/// <param name="Shadow">Answers all flows too, for comparison alone; null where nothing does.</param>
sealed record LaneChoice(PlanLane Main, PlanLane? Canary = null, double Share = 0, ShadowRun? Shadow = null)
{
    /// <summary>Specifies the number of parts of all flows that a share is rounded to.</summary>
    const int Parts = 1 << 20;

    readonly uint bound = (uint)Math.Round(Share * Parts);

    /// <summary>Gets the lanes that answer the tasks after the first, in their order.</summary>
    public PlanLane[] Further { get; init; } = [];

    /// <summary>Gets the same with another lane for a task after the first.</summary>
    public LaneChoice With(int task, PlanLane lane)
    {
        PlanLane[] further = [.. Further];
        further[task - 1] = lane;
        return this with { Further = further };
    }

    /// <summary>Gets every lane that new flows may go to.</summary>
    public IEnumerable<PlanLane> All => Canary is null ? [Main, .. Further] : [Main, Canary, .. Further];

    /// <summary>Determines whether new flows may go to a lane.</summary>
    public bool Has(PlanLane lane) => lane == Main || lane == Canary || Further.AsSpan().Contains(lane);

    /// <summary>Gets the lane of a new flow: the same for all flows of the same ends, in every run.</summary>
    public PlanLane Choose(in FlowKey key) =>
        Canary is not null && (Hash(key) & (Parts - 1)) < bound ? Canary : Main;

    /// <summary>Computes the hash that draws flows, by their ends alone: SplitMix64's finaliser.</summary>
    public static ulong Hash(in FlowKey key)
    {
        var word = Mix(key.LowAddress.High) ^ key.LowAddress.Low;
        word = Mix(word) ^ key.HighAddress.High;
        word = Mix(word) ^ key.HighAddress.Low;
        return Mix(Mix(word) ^ (((ulong)key.LowPort << 32) | ((ulong)key.HighPort << 8) | key.Protocol));
    }

    static ulong Mix(ulong word)
    {
        word += 0x9e37_79b9_7f4a_7c15;
        word = (word ^ (word >> 30)) * 0xbf58_476d_1ce4_e5b9;
        word = (word ^ (word >> 27)) * 0x94d0_49bb_1331_11eb;
        return word ^ (word >> 31);
    }
}
