using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Scoring;

/// <summary>Holds which tier answers each flow, and with what.</summary>
public sealed class CascadeRun
{
    readonly int[] tiers;
    readonly int[] answers;

    CascadeRun(int[] tiers, int[] answers)
    {
        this.tiers = tiers;
        this.answers = answers;
    }

    public int Flows => tiers.Length;

    /// <summary>Number of the tier that answers the flow.</summary>
    public int Tier(int flow) => tiers[flow];

    public int Answer(int flow) => answers[flow];

    /// <summary>Determines whether a tier is asked about the flow, in a run whose only answers without a class are
    /// those that no tier was asked for.</summary>
    public bool Reaches(int flow, int tier) =>
        tiers[flow] >= tier && answers[flow] != ConfusionMatrix.Unanswered;

    /// <summary>Counts the flows that a tier passes on.</summary>
    public int Escalated(int tier) => tiers.Count(t => t > tier);

    /// <summary>Every flow is answered by the tier that is named for it.</summary>
    public static CascadeRun From(int[] tierOf, IReadOnlyList<Predictions> tiers) =>
        Choose(tiers, flow => tierOf[flow]);

    /// <summary>Takes the tier and the answer of each flow as they are given.</summary>
    public static CascadeRun From(int[] tiers, int[] answers) => new(tiers, answers);

    /// <summary>Every flow is answered by one tier.</summary>
    public static CascadeRun SingleTier(IReadOnlyList<Predictions> tiers, int tier) => Choose(tiers, _ => tier);

    /// <summary>Each tier decides by its rule.</summary>
    public static CascadeRun ByRules(IReadOnlyList<TierRule> rules, IReadOnlyList<Predictions> tiers)
    {
        var probabilities = new float[tiers[0].Classes];
        return Choose(tiers, flow =>
        {
            var tier = 0;
            while (tier < tiers.Count - 1 && tiers[tier].Decide(rules[tier], flow, probabilities).Escalate)
            {
                tier++;
            }

            return tier;
        });
    }

    /// <summary>Escalates as many flows at each tier as another run, drawn at random. What no tier was asked about
    /// there, none is asked about here.</summary>
    public static CascadeRun AtRandom(CascadeRun like, IReadOnlyList<Predictions> tiers, int seed)
    {
        var random = new Random(seed);
        var tierOf = new int[like.Flows];
        var survivors = Enumerable.Range(0, like.Flows).Where(flow => like.Reaches(flow, 0)).ToArray();
        for (var t = 0; t < tiers.Count - 1; t++)
        {
            random.Shuffle(survivors);
            survivors = survivors[..like.Escalated(t)];
            foreach (var flow in survivors)
            {
                tierOf[flow] = t + 1;
            }
        }

        return Choose(tiers, flow => tierOf[flow]).WithUnknown(flow => !like.Reaches(flow, 0));
    }

    /// <summary>
    /// Sends each flow to the first tier that is right; to the first of all where none is, for waiting would win
    /// nothing.
    /// </summary>
    public static CascadeRun ByOracle(IReadOnlyList<Predictions> tiers, FlowSample flows) => Choose(tiers, flow =>
    {
        for (var tier = 0; tier < tiers.Count; tier++)
        {
            if (tiers[tier].TopClass(flow) == flows.Labels[flow])
            {
                return tier;
            }
        }

        return 0;
    });

    /// <summary>The same with no class named for some flows.</summary>
    public CascadeRun WithUnknown(Func<int, bool> isUnnamed) =>
        new(tiers, [.. answers.Select((answer, flow) => isUnnamed(flow) ? ConfusionMatrix.Unanswered : answer)]);

    /// <summary>The same where some flows are answered on their first packet, and no class is named for them.</summary>
    public CascadeRun WithUnknownAtOnce(Func<int, bool> isAtOnce)
    {
        var run = WithUnknown(isAtOnce);
        return new([.. tiers.Select((tier, flow) => isAtOnce(flow) ? 0 : tier)], run.answers);
    }

    /// <summary>Compares the answers with the true classes.</summary>
    /// <param name="flows">The flows that were answered.</param>
    public ConfusionMatrix Score(FlowSample flows)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        for (var flow = 0; flow < Flows; flow++)
        {
            matrix.Add(flows.Labels[flow], answers[flow]);
        }

        return matrix;
    }

    static CascadeRun Choose(IReadOnlyList<Predictions> tiers, Func<int, int> tierOf)
    {
        var chosen = new int[tiers[0].Flows];
        var answers = new int[chosen.Length];
        for (var flow = 0; flow < chosen.Length; flow++)
        {
            chosen[flow] = tierOf(flow);
            answers[flow] = tiers[chosen[flow]].TopClass(flow);
        }

        return new(chosen, answers);
    }
}
