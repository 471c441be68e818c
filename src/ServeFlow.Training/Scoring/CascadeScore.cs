using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>Scores a run of a cascade, tier by tier.</summary>
/// <param name="run">Which tier answered what; no class where no tier was asked.</param>
/// <param name="tiers">Each tier's predictions for every flow.</param>
/// <param name="depths">Packets that each tier waits for.</param>
/// <param name="flows">The flows; their classes may lie beyond those that the tiers know.</param>
public sealed class CascadeScore(CascadeRun run, IReadOnlyList<Predictions> tiers, IReadOnlyList<int> depths,
    FlowSample flows)
{
    public double WeightedF1 { get; } = run.Score(flows).WeightedF1;

    /// <summary>Share of the flows answered by tiers that need one packet.</summary>
    public double FirstPacketShare => Share(tier => depths[tier] == 1);

    public double AnsweredShare(int tier) => Share(t => t == tier);

    public double EscalatedShare(int tier) => Share(t => t > tier);

    /// <summary>
    /// Computes the share that a tier passes on of the flows that reach it and that it gets wrong; 1 where none is
    /// wrong.
    /// </summary>
    public double ErrorsCaught(int tier)
    {
        var (wrong, caught) = (0, 0);
        for (var flow = 0; flow < run.Flows; flow++)
        {
            if (run.Reaches(flow, tier) && tiers[tier].TopClass(flow) != flows.Labels[flow])
            {
                wrong++;
                caught += run.Tier(flow) > tier ? 1 : 0;
            }
        }

        return wrong == 0 ? 1 : (double)caught / wrong;
    }

    double Share(Func<int, bool> ofTier) => run.Flows == 0
        ? 0
        : (double)Enumerable.Range(0, run.Flows).Count(flow => ofTier(run.Tier(flow))) / run.Flows;
}
