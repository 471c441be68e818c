using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Finds the rising curve from what a model claims of its answer to the share of such answers that is right: isotonic
/// regression by pooling adjacent violators, with a knot at the middle of each pool, so that the curve rises between
/// them and keeps answers apart that the model keeps apart (Oron and Flournoy, "Centered Isotonic Regression", 2017).
/// </summary>
static class IsotonicFit
{
    /// <summary>Specifies the least number of answers of neighbouring confidence that are pooled: fewer are
    /// chance.</summary>
    const int MinBinFlows = 20;

    /// <summary>Keeps the curve off 0 and 1, which no number of flows can prove.</summary>
    const double Margin = 1e-6;

    /// <param name="answers">Confidence of each answer, in [0, 1], and whether it is right.</param>
    /// <returns>Null where there are too few to fit to.</returns>
    public static IsotonicMap? Fit(IReadOnlyList<(float Confidence, bool IsRight)> answers)
    {
        if (answers.Count < MinBinFlows)
        {
            return null;
        }

        var pools = new List<Pool>();
        foreach (var bin in Bins(answers))
        {
            var pool = bin;
            while (pools.Count > 0
                && (pools[^1].Accuracy >= pool.Accuracy
                    || (float)pools[^1].MeanConfidence >= (float)pool.MeanConfidence))
            {
                pool += pools[^1];
                pools.RemoveAt(pools.Count - 1);
            }

            pools.Add(pool);
        }

        return new([.. pools.Select(p => p.MeanConfidence)],
            [.. pools.Select(p => Math.Clamp(p.Accuracy, Margin, 1 - Margin))]);
    }

    /// <summary>Pools answers by rising confidence; equal ones stay together.</summary>
    static IEnumerable<Pool> Bins(IReadOnlyList<(float Confidence, bool IsRight)> answers)
    {
        var least = Math.Max(MinBinFlows, 1 + (answers.Count / IsotonicMap.MaxKnots));
        var sorted = answers.OrderBy(a => a.Confidence).ToArray();
        var from = 0;
        for (var to = 1; to <= sorted.Length; to++)
        {
            var isCut = to - from >= least && sorted.Length - to >= least
                && sorted[to].Confidence > sorted[to - 1].Confidence;
            if (isCut || to == sorted.Length)
            {
                yield return Pool.From(sorted.AsSpan(from, to - from));
                from = to;
            }
        }
    }

    /// <summary>Neighbouring answers: sums of flows, of right ones and of confidences.</summary>
    readonly record struct Pool(double Flows, double Right, double Confidence)
    {
        public double Accuracy => Right / Flows;

        public double MeanConfidence => Math.Clamp(Confidence / Flows, 0, 1);

        /// <summary>
        /// Pools answers together with one more flow, which is taken to be right as often as the model claims.
        /// </summary>
        public static Pool From(ReadOnlySpan<(float Confidence, bool IsRight)> answers)
        {
            var (right, confidence) = (0, 0.0);
            foreach (var answer in answers)
            {
                right += answer.IsRight ? 1 : 0;
                confidence += answer.Confidence;
            }

            var claim = confidence / answers.Length;
            return new(answers.Length + 1, right + claim, confidence + claim);
        }

        public static Pool operator +(Pool a, Pool b) =>
            new(a.Flows + b.Flows, a.Right + b.Right, a.Confidence + b.Confidence);
    }
}
