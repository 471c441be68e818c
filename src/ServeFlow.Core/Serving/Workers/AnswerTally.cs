using ServeFlow.Cascade.Decisions;
using ServeFlow.Telemetry;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Counts answers by label, and by tier how confident they are and how long, in packet time, they were waited for.
/// Owned by one worker, and readable from any thread; each number is exact by itself.
/// </summary>
public sealed class AnswerTally
{
    /// <summary>Divides confidences from 0 to 1 evenly; a value on a bound belongs below it.</summary>
    public const int ConfidenceSteps = 20;

    static readonly long[] NoCounts = new long[ConfidenceSteps];
    static readonly long[] WaitBounds = [.. WaitBoundsMs.ToArray().Select(ms => (long)(ms * 1e6))];

    long[] confidences;
    double[] confidenceSums;
    long[] waits;
    double[] waitSums;
    long[] labels;
    long unknown;

    internal AnswerTally(int tiers, int labels)
    {
        this.labels = new long[labels];
        confidences = new long[tiers * ConfidenceSteps];
        confidenceSums = new double[tiers];
        waits = new long[tiers * (WaitBounds.Length + 1)];
        waitSums = new double[tiers];
    }

    /// <summary>
    /// Gets the bounds of the counts of waits, in milliseconds; a last count has all beyond. The first has the answers
    /// to a flow's first packet. A frame of a video call, a round trip within a city and one around the world lie
    /// apart.
    /// </summary>
    public static ReadOnlySpan<double> WaitBoundsMs =>
        [0, 1, 2, 4, 8, 16, 32, 64, 125, 250, 500, 1000, 4000, 16_000, 64_000];

    /// <summary>Gets the answers of each label; labels that were never answered may be missing at the end.</summary>
    public ReadOnlySpan<long> Labels => labels;

    /// <summary>Gets the answers that a flow is of no known class.</summary>
    public long Unknown => Volatile.Read(ref unknown);

    /// <summary>Gets all answers.</summary>
    public long Total => labels.Sum() + Unknown;

    /// <summary>Gets the answers of a tier by confidence, <see cref="ConfidenceSteps"/> counts.</summary>
    public ReadOnlySpan<long> Confidences(int tier) => Slice(confidences, tier, ConfidenceSteps);

    /// <summary>Gets the sum of a tier's confidences.</summary>
    public double ConfidenceSum(int tier) => tier < confidenceSums.Length ? confidenceSums[tier] : 0;

    /// <summary>Gets the answers of a tier by wait: a count for each bound, and one for all beyond.</summary>
    public ReadOnlySpan<long> Waits(int tier) => Slice(waits, tier, WaitBounds.Length + 1);

    /// <summary>Gets the sum of a tier's waits, in seconds.</summary>
    public double WaitSum(int tier) => tier < waitSums.Length ? waitSums[tier] : 0;

    /// <summary>Makes room for so many tiers and labels; what was counted stays. Others may read meanwhile.</summary>
    internal void Grow(int tiers, int labelCount)
    {
        CountArray.Grow(ref labels, labelCount);
        CountArray.Grow(ref confidences, tiers * ConfidenceSteps);
        CountArray.Grow(ref confidenceSums, tiers);
        CountArray.Grow(ref waits, tiers * (WaitBounds.Length + 1));
        CountArray.Grow(ref waitSums, tiers);
    }

    /// <param name="tier">The tier's place in the counts.</param>
    /// <param name="labelNumbers">The label's place in the counts, by label of the plan that answers.</param>
    internal void Count(in Classification answer, int tier, int[] labelNumbers)
    {
        if (answer.IsUnknown)
        {
            unknown++;
        }
        else
        {
            labels[labelNumbers[answer.LabelId]]++;
        }

        confidences[(tier * ConfidenceSteps) + FindStep(answer.Confidence)]++;
        confidenceSums[tier] += answer.Confidence;
        var waitNs = Math.Max(0, answer.DecidedNs - answer.FirstNs);
        waits[(tier * (WaitBounds.Length + 1)) + FindBound(waitNs)]++;
        waitSums[tier] += waitNs * 1e-9;
    }

    internal void Add(AnswerTally other)
    {
        CountArray.Add(ref labels, other.labels);
        unknown += other.Unknown;
        CountArray.Add(ref confidences, other.confidences);
        CountArray.Add(ref waits, other.waits);
        CountArray.Add(ref confidenceSums, other.confidenceSums);
        CountArray.Add(ref waitSums, other.waitSums);
    }

    /// <summary>Gets a tier's part of counts; zeros for a tier that came later.</summary>
    static ReadOnlySpan<long> Slice(long[] counts, int tier, int length) =>
        tier * length < counts.Length ? counts.AsSpan(tier * length, length) : NoCounts.AsSpan(0, length);

    static int FindStep(float confidence) =>
        Math.Clamp((int)MathF.Ceiling(confidence * ConfidenceSteps) - 1, 0, ConfidenceSteps - 1);

    /// <summary>Most answers need no wait, so that the first bound is the one.</summary>
    static int FindBound(long waitNs)
    {
        var bound = 0;
        while (bound < WaitBounds.Length && waitNs > WaitBounds[bound])
        {
            bound++;
        }

        return bound;
    }
}
