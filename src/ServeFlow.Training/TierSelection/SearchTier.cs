using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a candidate as the search sees it: sets of flows instead of predictions.</summary>
sealed class SearchTier
{
    /// <summary>
    /// Shares of all flows, by rising uncertainty, that a tier may answer. Closer together where thresholds usually
    /// end up; what is chosen is calibrated finely afterwards.
    /// </summary>
    static readonly double[] Shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    public static int MaxLevels => Shares.Length;

    /// <param name="waits">Place of its waiting times among those of all candidates.</param>
    public SearchTier(TierCandidate candidate, int waits, FlowSample flows)
    {
        Candidate = candidate;
        Waits = waits;
        Correct = new(flows.Count);
        Answers = new int[flows.Count];
        var uncertainty = new float[flows.Count];
        var rule = TierRule.ForLastTier(TemperatureFit.Fit(candidate.Predictions, flows),
            UncertaintyMeasure.Margin, candidate.Predictions.Classes);
        var probabilities = new float[candidate.Predictions.Classes];
        for (var flow = 0; flow < flows.Count; flow++)
        {
            candidate.Predictions[flow].CopyTo(probabilities);
            var decision = rule.Decide(probabilities);
            uncertainty[flow] = decision.Uncertainty;
            Answers[flow] = decision.LabelId;
            if (decision.LabelId == flows.Labels[flow])
            {
                Correct.Add(flow);
            }
        }

        CorrectCount = Correct.Count();
        Answered = [.. Levels(uncertainty)];
    }

    public TierCandidate Candidate { get; }

    public int Waits { get; }

    /// <summary>Gets the class that the model gives each flow.</summary>
    public int[] Answers { get; }

    /// <summary>Gets the flows that the model is right about.</summary>
    public FlowSet Correct { get; }

    public int CorrectCount { get; }

    /// <summary>
    /// Gets, by level, the flows that the model is sure enough of to answer, were it asked. Each level holds the one
    /// before.
    /// </summary>
    public IReadOnlyList<FlowSet> Answered { get; }

    static IEnumerable<FlowSet> Levels(float[] uncertainty)
    {
        var sorted = uncertainty.Order().ToArray();
        var thresholds = Shares.Select(share => sorted[(int)(share * (sorted.Length - 1))]).Distinct();
        foreach (var threshold in thresholds)
        {
            var answered = new FlowSet(uncertainty.Length);
            for (var flow = 0; flow < uncertainty.Length; flow++)
            {
                if (uncertainty[flow] <= threshold)
                {
                    answered.Add(flow);
                }
            }

            yield return answered;
        }
    }
}
