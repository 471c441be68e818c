using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Cascade;

/// <summary>
/// Scores a batch of flows with a tier's model, and its gain model where it has one, and decides on each. Owned by one
/// worker; allocates nothing after its construction.
/// </summary>
public sealed class TierScorer
{
    readonly TierRule rule;
    readonly IBatchScorer scorer;
    readonly float[] probabilities;

    /// <summary>Holds the scorers again where they were created for rows of answers.</summary>
    readonly IRowScorer? rowScorer, rowGain;

    /// <summary>Holds what predicts gains; null where the tier does not decide by expected gain.</summary>
    readonly IBatchScorer? gain;
    readonly float[] outcomes = [];

    /// <summary>The scorer again where its answers, and so their decisions, are known in advance; else null.</summary>
    readonly IAnswerScorer? known;
    readonly ushort[] answers = [];

    /// <summary>Holds the decision for each known answer, or else for each flow of the latest batch.</summary>
    readonly TierDecision[] decisions;

    readonly BatchDecisions batch;

    /// <param name="rule">What the tier decides by.</param>
    /// <param name="scorer">The scorer of the tier's model.</param>
    /// <param name="gain">The scorer of its gain model; null where it has none.</param>
    public TierScorer(TierRule rule, IBatchScorer scorer, IBatchScorer? gain = null)
    {
        (this.rule, this.scorer, this.gain) = (rule, scorer, gain);
        (rowScorer, rowGain) = (scorer as IRowScorer, gain as IRowScorer);
        probabilities = new float[IBatchScorer.Capacity * scorer.Classes];
        decisions = new TierDecision[IBatchScorer.Capacity];
        batch = new(rule, scorer.Classes);
        if (gain is not null)
        {
            outcomes = new float[IBatchScorer.Capacity * gain.Classes];
        }
        else if (scorer is IAnswerScorer { Answers.IsEmpty: false } known)
        {
            this.known = known;
            decisions = DecideAnswers(rule, known);
            answers = new ushort[IBatchScorer.Capacity];
        }
    }

    /// <inheritdoc cref="IBatchScorer.Begin"/>
    public void Begin(int flows)
    {
        scorer.Begin(flows);
        gain?.Begin(flows);
    }

    /// <inheritdoc cref="IBatchScorer.Add"/>
    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        scorer.Add(place, packets);
        gain?.Add(place, packets);
    }

    /// <inheritdoc cref="IRowScorer.Add(int, ReadOnlySpan{ulong})"/>
    public void Add(int place, ReadOnlySpan<ulong> row)
    {
        rowScorer!.Add(place, row);
        rowGain?.Add(place, row);
    }

    /// <summary>Scores the flows at the first places, at least one, and decides on each.</summary>
    public void Score(int count)
    {
        Compute(count);
        DecideAll(count);
    }

    /// <summary>Gets what the model gave, [flow × classes], between <see cref="Compute"/> and <see cref="DecideAll"/>;
    /// empty where its answers are known in advance, or a second model has a say.</summary>
    public Span<float> Probabilities => known is null && gain is null ? probabilities : [];

    /// <summary>Scores the flows at the first places, at least one, and decides on none.</summary>
    public void Compute(int count)
    {
        if (known is not null)
        {
            known.FindAnswers(count, answers);
        }
        else
        {
            scorer.Score(count, probabilities);
        }
    }

    /// <summary>Decides on the flows at the first places, by what the model gave for them.</summary>
    public void DecideAll(int count)
    {
        if (known is not null)
        {
            return; // each answer was decided on at the start
        }

        if (gain is null)
        {
            batch.Decide(probabilities, count, decisions);
        }
        else
        {
            DecideByGain(gain, count);
        }
    }

    /// <summary>Gets the decision for the i-th flow of those that were decided on last.</summary>
    public ref readonly TierDecision Decide(int i) => ref decisions[known is null ? i : answers[i]];

    void DecideByGain(IBatchScorer model, int count)
    {
        model.Score(count, outcomes);
        for (var flow = 0; flow < count; flow++)
        {
            decisions[flow] = rule.Decide(probabilities.AsSpan(flow * scorer.Classes, scorer.Classes),
                GainModel.ExpectedGain(outcomes.AsSpan(flow * GainModel.Outcomes, GainModel.Outcomes)));
        }
    }

    static TierDecision[] DecideAnswers(TierRule rule, IAnswerScorer known)
    {
        var rows = known.Answers.ToArray();
        var decisions = new TierDecision[rows.Length / known.Classes];
        for (var answer = 0; answer < decisions.Length; answer++)
        {
            decisions[answer] = rule.Decide(rows.AsSpan(answer * known.Classes, known.Classes));
        }

        return decisions;
    }
}
