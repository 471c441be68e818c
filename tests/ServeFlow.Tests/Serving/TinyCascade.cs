using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Tests.Serving;

/// <summary>
/// Cascades whose answers a test can dictate. The tier of depth d looks at the UDP payload length of packet d:
/// its lowest bit is the class (0 even, 1 odd), its second bit says whether the tier is sure (0.9) or not (0.6).
/// A packet that is absent counts as even and unsure.
/// </summary>
static class TinyCascade
{
    public const int Even = 0;
    public const int Odd = 1;

    /// <summary>Payload lengths that say: even or odd, sure or unsure.</summary>
    public const int UnsureEven = 4;
    public const int UnsureOdd = 5;
    public const int SureEven = 6;
    public const int SureOdd = 7;

    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:ip4,udp", "none");

    public static CascadePlan Plan(params int[] depths) => Plan(["even", "odd, \"quoted\""], depths);

    public static CascadePlan Plan(IReadOnlyList<string> labels, params int[] depths) =>
        Plan(null, labels, null, depths);

    /// <param name="patienceMs">Of every tier but the last, for even and odd.</param>
    public static CascadePlan PlanWithTimeouts(double[] patienceMs, params int[] depths) =>
        WindowsWithTimeouts(null, patienceMs, depths);

    /// <param name="patienceMs">The escalation timeout of each tier but the last, in milliseconds.</param>
    public static CascadePlan PlanWithTierTimeouts(double[] patienceMs, params int[] depths) =>
        Plan(null, ["even", "odd"], [.. patienceMs.Select(ms => Milliseconds(ms, ms))], depths);

    public static CascadePlan Windows(TimeSpan length, params int[] depths) =>
        Plan(length, ["even", "odd"], null, depths);

    public static CascadePlan WindowsWithTimeouts(TimeSpan? length, double[] patienceMs, params int[] depths) =>
        Plan(length, ["even", "odd"], [.. depths.Select(_ => Milliseconds(patienceMs))], depths);

    static TimeSpan[] Milliseconds(params double[] ms) => [.. ms.Select(TimeSpan.FromMilliseconds)];

    static CascadePlan Plan(TimeSpan? window, IReadOnlyList<string> labels, TimeSpan[][]? tiers, int[] depths) => new()
    {
        Window = window,
        Name = "tiny",
        Version = "1",
        Schema = Schema,
        Labels = labels,
        Tiers = [.. depths.Select((depth, i) => Tier(depth, i, i == depths.Length - 1,
            i == depths.Length - 1 ? null : tiers?[i]))],
        WaitLimit = TimeSpan.FromSeconds(1),
    };

    /// <summary>
    /// The same where every tier has seen these openings, in a flow of each class, by all but addresses and ports. What
    /// began otherwise is unknown.
    /// </summary>
    public static CascadePlan PlanWithNovelty(IReadOnlyList<HeaderRecord[]> openings, params int[] depths) => new()
    {
        Name = "tiny",
        Version = "1",
        Schema = Schema,
        Labels = ["even", "odd, \"quoted\""],
        Tiers =
            [.. depths.Select((depth, i) => Tier(depth, i, i == depths.Length - 1, null, Novelty(openings, depth)))],
        WaitLimit = TimeSpan.FromSeconds(1),
    };

    /// <summary>Above a half exactly where the rarity is above 0.95: no such opening was seen.</summary>
    static NoveltyRule Novelty(IReadOnlyList<HeaderRecord[]> openings, int depth)
    {
        var masked = FeatureSchema.Parse("nprint:ip4,udp");
        var counts = new OpeningCounts(depth);
        foreach (var opening in openings)
        {
            var seen = opening.AsSpan(0, Math.Min(opening.Length, depth));
            counts.Add(new(masked), seen, Even);
            counts.Add(new(masked), seen, Odd);
        }

        return new(counts.Compile(masked), new(-19, 20, 0, 0), [0.5, 0.5]);
    }

    static TierPlan Tier(int depth, int number, bool isLast, TimeSpan[]? patience,
        NoveltyRule? novelty = null)
    {
        var forest = new Forest
        {
            Classes = 2,
            TreesPerIteration = 2,
            Transform = ScoreTransform.None,
            ColumnNames = [$"p{depth}_udp_len_14", $"p{depth}_udp_len_15"],
            Trees = [Tree(0.6, 0.4, 0.9, 0.1), Tree(0.4, 0.6, 0.1, 0.9)],
        };
        return new()
        {
            Name = $"tier{number}",
            Model = "dt",
            ModelSha256 = new string((char)('a' + number), 64),
            PacketDepth = depth,
            EscalationTimeouts = patience,
            Compiled = new CompiledModel(forest, Schema, depth, "tiny"),
            Rule = isLast ? TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, 2)
                : new(1, UncertaintyMeasure.LeastConfidence, [0.2, 0.2]),
            Novelty = novelty,
        };
    }

    /// <summary>Leaves in the order unsure even, unsure odd, sure even, sure odd.</summary>
    static Tree Tree(params double[] leaves) => new()
    {
        Columns = [0, 1, 1],
        Thresholds = [0.5, 0.5, 0.5],
        LeftChildren = [1, ~0, ~2],
        RightChildren = [2, ~1, ~3],
        LeafValues = leaves,
    };
}
