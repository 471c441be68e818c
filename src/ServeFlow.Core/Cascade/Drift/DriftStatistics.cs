namespace ServeFlow.Cascade.Drift;

/// <summary>
/// Computes by how much a window differs from a baseline, a deviation for each figure. Being surer than in training is
/// no drift: confidence counts where it falls, and shares of escalated and unknown flows where they rise. The mix of
/// classes and the columns' values count both ways.
/// </summary>
public static class DriftStatistics
{
    /// <summary>Specifies the number of flows of a class that a deviation of its confidence is shrunk by: few flows say
    /// little.</summary>
    const double ClassPrior = 20;

    /// <summary>Specifies the number of flows added to each class so that an absent one has a logarithm.</summary>
    const double MixPrior = 0.5;

    /// <summary>Specifies the place of the deviation of the mean confidence.</summary>
    public const int Confidence = 0;

    /// <summary>Specifies the place of the population stability index of the classes.</summary>
    public const int Mix = 1;

    /// <summary>Specifies the place of the deviation of the share of unknown flows.</summary>
    public const int Unknown = 2;

    /// <summary>Specifies the place of the deviation of the share that the first tier passes on; the others
    /// follow.</summary>
    public const int Escalated = 3;

    /// <summary>Gets the number of figures.</summary>
    public static int Count(DriftLayout layout) => FirstQuestion(layout) + layout.Questions;

    /// <summary>Gets the place of the share of the first class.</summary>
    public static int FirstShare(DriftLayout layout) => Escalated + layout.Tiers - 1;

    /// <summary>Gets the place of the confidence of the first class.</summary>
    public static int FirstClass(DriftLayout layout) => FirstShare(layout) + layout.Classes;

    /// <summary>Gets the place of the first question.</summary>
    public static int FirstQuestion(DriftLayout layout) => FirstClass(layout) + layout.Classes;

    /// <summary>Gets the figures of a baseline in the order of their places.</summary>
    public static DriftFigure[] Figures(DriftBaseline baseline) =>
    [
        baseline.Confidence, baseline.Mix, baseline.Unknown, .. baseline.Escalated,
        .. baseline.Classes.Select(watched => watched.Share),
        .. baseline.Classes.Select(watched => watched.Confidence),
        .. baseline.Questions.Select(question => question.Share),
    ];

    /// <summary>Reads the figures of a window, in the order of their places; NaN where there are no flows to tell.
    /// </summary>
    public static void ReadValues(DriftLayout layout, ReadOnlySpan<long> counts, Span<double> values)
    {
        long flows = counts[DriftLayout.Flows], confidences = 0;
        for (var c = 0; c <= layout.Classes; c++)
        {
            confidences += counts[layout.Confidence(c)];
        }

        values[Confidence] = Mean(confidences, flows - counts[DriftLayout.Unknown]);
        values[Mix] = 0;
        values[Unknown] = Share(counts[DriftLayout.Unknown], flows);
        var left = flows;
        for (var tier = 0; tier < layout.Tiers - 1; tier++)
        {
            left -= counts[layout.Tier(tier)];
            values[Escalated + tier] = Share(left, flows);
        }

        for (var c = 0; c < layout.Classes; c++)
        {
            values[FirstShare(layout) + c] = Share(counts[layout.Class(c)], flows - counts[DriftLayout.Unknown]);
            values[FirstClass(layout) + c] = Mean(counts[layout.Confidence(c)], counts[layout.Class(c)]);
        }

        for (var q = 0; q < layout.Questions; q++)
        {
            values[FirstQuestion(layout) + q] = Share(counts[layout.Question(q)], counts[DriftLayout.Sampled]);
        }
    }

    /// <summary>Computes the deviations of a window of at least one flow.</summary>
    /// <param name="figures">The baseline's values, in the order of their places.</param>
    /// <param name="values">The window's figures; that of the mix is filled in.</param>
    /// <param name="deviations">Receives a deviation for each figure; 0 where there is nothing to tell.</param>
    public static void Compute(DriftLayout layout, ReadOnlySpan<double> figures, ReadOnlySpan<long> counts,
        Span<double> values, Span<double> deviations)
    {
        values[Mix] = StabilityIndex(layout, figures.Slice(FirstShare(layout), layout.Classes), counts);
        for (var i = 0; i < deviations.Length; i++)
        {
            deviations[i] = double.IsNaN(values[i]) ? 0
                : i == Confidence ? figures[i] - values[i]
                : i < FirstShare(layout) ? values[i] - figures[i]
                : i < FirstClass(layout) || i >= FirstQuestion(layout) ? Math.Abs(Angle(values[i]) - Angle(figures[i]))
                : (figures[i] - values[i]) * Weight(counts[layout.Class(i - FirstClass(layout))]);
        }
    }

    /// <summary>Computes the population stability index Σ (q − p) ln (q ÷ p) over the classes.</summary>
    static double StabilityIndex(DriftLayout layout, ReadOnlySpan<double> shares, ReadOnlySpan<long> counts)
    {
        var (known, index, rest) = (Known(counts), 0.0, 1.0);
        for (var c = 0; c < layout.Classes; c++)
        {
            index += Part(layout, shares[c], counts[layout.Class(c)], known);
            rest -= shares[c];
        }

        return index + Part(layout, Math.Max(0, rest), counts[layout.Class(layout.Classes)], known);
    }

    static double Part(DriftLayout layout, double share, long flows, double known)
    {
        var all = known + (MixPrior * (layout.Classes + 1));
        var (p, q) = (((share * known) + MixPrior) / all, (flows + MixPrior) / all);
        return (q - p) * Math.Log(q / p);
    }

    static double Known(ReadOnlySpan<long> counts) => counts[DriftLayout.Flows] - counts[DriftLayout.Unknown];

    static double Weight(long flows) => flows / (flows + ClassPrior);

    /// <summary>Makes shares comparable, whether they are near a half or near 0.</summary>
    static double Angle(double share) => Math.Asin(Math.Sqrt(share));

    static double Mean(long sum, long flows) =>
        flows == 0 ? double.NaN : (double)sum / DriftLayout.ConfidenceUnit / flows;

    static double Share(long part, long all) => all == 0 ? double.NaN : (double)part / all;
}
