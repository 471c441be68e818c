using System.Runtime.Intrinsics;

namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// Calibration of the top probability by a rising curve: what a model claims of its answer becomes the share of such
/// answers that is right. The other classes keep their proportions. Never changes the answer, and keeps the sum.
/// Immutable; shared by all workers.
/// </summary>
public sealed class IsotonicMap
{
    /// <summary>Limits the knots of a curve: finer differences than a 256th of all answers are chance.</summary>
    public const int MaxKnots = 256;

    readonly float[] confidences;
    readonly float[] accuracies;

    /// <param name="confidences">Knots of the curve, rising strictly, in [0, 1]; at least one.</param>
    /// <param name="accuracies">The curve's height at each, never falling, above 0 and below 1.</param>
    public IsotonicMap(IReadOnlyList<double> confidences, IReadOnlyList<double> accuracies)
    {
        if (!AreUsable(confidences, accuracies))
        {
            throw new ArgumentException("not a rising curve within [0, 1]", nameof(confidences));
        }

        (Confidences, Accuracies) = (confidences, accuracies);
        this.confidences = [.. confidences.Select(c => (float)c)];
        this.accuracies = [.. accuracies.Select(a => (float)a)];
    }

    public IReadOnlyList<double> Confidences { get; }

    public IReadOnlyList<double> Accuracies { get; }

    /// <summary>Determines whether the knots form a curve that the constructor accepts.</summary>
    public static bool AreUsable(IReadOnlyList<double> confidences, IReadOnlyList<double> accuracies) =>
        confidences.Count is > 0 and <= MaxKnots
        && confidences.Count == accuracies.Count
        && confidences.All(c => c is >= 0 and <= 1) && accuracies.All(a => a is > 0 and < 1)
        && confidences.Zip(confidences.Skip(1)).All(c => (float)c.First < (float)c.Second)
        && accuracies.Zip(accuracies.Skip(1)).All(a => a.First <= a.Second);

    /// <summary>Returns the curve's height: straight between two knots, level beyond the outer ones.</summary>
    public float Evaluate(float confidence)
    {
        var above = CountBelow(confidence);
        if (above == 0 || above == confidences.Length)
        {
            return accuracies[Math.Min(above, confidences.Length - 1)];
        }

        var share = (confidence - confidences[above - 1]) / (confidences[above] - confidences[above - 1]);
        return accuracies[above - 1] + (share * (accuracies[above] - accuracies[above - 1]));
    }

    /// <summary>Counts the knots below a confidence by halving, without a branch to predict.</summary>
    int CountBelow(float confidence)
    {
        var (first, length) = (0, confidences.Length);
        while (length > 0)
        {
            var half = length >> 1;
            var isBelow = confidences[first + half] < confidence;
            first = isBelow ? first + half + 1 : first;
            length = isBelow ? length - half - 1 : half;
        }

        return first;
    }

    /// <summary>Calibrates one flow's probabilities in place.</summary>
    /// <param name="top">The most probable class.</param>
    /// <param name="second">The next; below 0 where there is no other, and nothing to calibrate.</param>
    internal void Apply(Span<float> probabilities, int top, int second)
    {
        if (second < 0)
        {
            return;
        }

        var rest = 0f;
        var claimed = probabilities[top];
        probabilities[top] = 0;
        foreach (var p in probabilities)
        {
            rest += p;
        }

        // A certainty leaves nothing to hand on in proportion, and a subnormal rest has no finite inverse.
        if (!float.IsNormal(rest))
        {
            rest = FillUniform(probabilities);
        }

        // Lower than the second's share and the second class would overtake the first.
        var calibrated = Math.Max(Evaluate(claimed), probabilities[second] / (rest + probabilities[second]));
        var scale = (1 - calibrated) / rest;
        foreach (ref var p in probabilities)
        {
            p *= scale;
        }

        probabilities[top] = calibrated;
    }

    /// <summary>Calibrates the most probable classes of eight flows, each as the overload above does one flow's.
    /// </summary>
    /// <param name="columns">[class]: the probabilities of eight flows; they stay as they are.</param>
    internal void Apply(ReadOnlySpan<Vector256<float>> columns, ref LaneRanks top)
    {
        if (columns.Length < 2)
        {
            return;
        }

        var rest = Vector256<float>.Zero;
        for (var c = 0; c < columns.Length; c++)
        {
            rest += Vector256.AndNot(columns[c], Vector256.Equals(top.First, Vector256.Create(c)).AsSingle());
        }

        var isNormal = Vector256.IsNormal(rest);
        rest = Vector256.ConditionalSelect(isNormal, rest, Vector256.Create(columns.Length - 1f));
        var second = Vector256.ConditionalSelect(isNormal, top.SecondP, Vector256<float>.One);
        var third = Vector256.ConditionalSelect(isNormal, top.ThirdP, Vector256<float>.One);
        top.FirstP = Vector256.Max(Evaluate(top.FirstP), second / (rest + second));
        var scale = (Vector256<float>.One - top.FirstP) / rest;
        (top.SecondP, top.ThirdP) = (second * scale, third * scale);
    }

    Vector256<float> Evaluate(Vector256<float> confidences) => Vector256.Create(
        Evaluate(confidences[0]), Evaluate(confidences[1]), Evaluate(confidences[2]), Evaluate(confidences[3]),
        Evaluate(confidences[4]), Evaluate(confidences[5]), Evaluate(confidences[6]), Evaluate(confidences[7]));

    static float FillUniform(Span<float> probabilities)
    {
        probabilities.Fill(1);
        return probabilities.Length - 1;
    }
}
