using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Represents flows that a tier answered in one of five ways; see <see cref="FlowsFigure"/>.</summary>
/// <param name="Tier">Its number.</param>
/// <param name="Name">The way.</param>
sealed record FlowsEnd(int Tier, string Name, int Flows, bool IsRight, string Style)
{
    /// <summary>Gets or sets its y at the right, in pixels.</summary>
    public double Top { get; set; }

    /// <summary>Lists the ends that have a flow, from the first tier's on.</summary>
    public static List<FlowsEnd> From(IEnumerable<TierFlows> tiers) => [.. tiers.Index().SelectMany(t => new FlowsEnd[]
    {
        new(t.Index, "right", t.Item.Right, true, "band f1"),
        new(t.Index, "right, ended early", t.Item.ShortRight, true, "early f1 s1"),
        new(t.Index, "wrong, ended early", t.Item.ShortWrong, false, "early f2 s2"),
        new(t.Index, "wrong", t.Item.Wrong, false, "band f2"),
        new(t.Index, "answered unknown", t.Item.Unknown, false, "band f5"),
    }).Where(end => end.Flows > 0)];
}
