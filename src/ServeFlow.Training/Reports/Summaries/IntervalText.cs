using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Provides the headline of an evaluation and the intervals of its figures, as plain text.</summary>
static class IntervalText
{
    /// <summary>Below this number of captures, intervals over draws of them are known to be too narrow.</summary>
    const int FewCaptures = 20;

    /// <summary>Returns the cascade beside its slow tier, then what the intervals are and where they are not to be
    /// trusted.</summary>
    public static string Headline(EvaluationResult result)
    {
        var (comparison, cascade, slow) = (result.Comparison, result.Cascade, result.SlowOnly);
        var table = new TextTable("headline", "cascade", "95 % interval", "slow_only", "95 % interval");
        Add("weighted F1", cascade.WeightedF1, slow.WeightedF1, i => i.WeightedF1, 4);
        table.Add("loss of weighted F1", NumberText.Fixed(comparison.Loss, 4),
            NumberText.Fixed(comparison.LossInterval, 4));
        AddShare("answered under 1 ms", cascade.Under1Ms, slow.Under1Ms, i => i.Under1Ms);
        AddShare("answered under 16 ms", cascade.Under16Ms, slow.Under16Ms, i => i.Under16Ms);
        Add("mean ms", cascade.MeanMs, slow.MeanMs, i => i.MeanMs, 2);
        Add("median ms", cascade.MedianMs, slow.MedianMs, i => i.MedianMs, 3);
        Add("90 % ms", cascade.P90Ms, slow.P90Ms, i => i.P90Ms, 2);
        Add("99 % ms", cascade.P99Ms, slow.P99Ms, i => i.P99Ms, 2);
        table.Add("mean time, slow_only's ÷ cascade's", NumberText.Fixed(comparison.SpeedupMean, 2),
            NumberText.Fixed(comparison.SpeedupMeanInterval, 2));
        table.Add("median time, slow_only's ÷ cascade's", comparison.SpeedupMedian is { } median
            ? NumberText.Fixed(median, 1) : "not told", NumberText.Fixed(comparison.SpeedupMedianInterval, 1));
        table.Add("answered on packet 1", NumberText.Percent(comparison.FirstPacketShare),
            NumberText.Percent(comparison.FirstPacketInterval));
        table.Add("first tier's wrong answers escalated", NumberText.Percent(result.ErrorsCaught),
            NumberText.Percent(comparison.ErrorsCaughtInterval));
        table.Add("lost by answering early", NumberText.Percent(result.LostShare, 2),
            NumberText.Percent(comparison.LostInterval, 2));
        return $"{table}{string.Concat(Notes(result).Select(note => $"{note}\n"))}";

        void Add(string name, double here, double there, Func<SystemIntervals, Interval> interval, int digits) =>
            table.Add(name, NumberText.Fixed(here, digits), NumberText.Fixed(From(cascade, interval), digits),
                NumberText.Fixed(there, digits), NumberText.Fixed(From(slow, interval), digits));

        void AddShare(string name, double here, double there, Func<SystemIntervals, Interval> interval) =>
            table.Add(name, NumberText.Percent(here), NumberText.Percent(From(cascade, interval)),
                NumberText.Percent(there), NumberText.Percent(From(slow, interval)));
    }

    /// <summary>Says what the intervals are, and what they leave out.</summary>
    public static IEnumerable<string> Notes(EvaluationResult result)
    {
        var comparison = result.Comparison;
        yield return comparison.Captures == 1
            ? $"intervals: {NumberText.Count(comparison.Draws)} draws of single {result.Unit.Units}, because all are "
                + $"of one {comparison.GroupWord}; other {comparison.GroupWord}s will differ by more"
            : $"intervals: {NumberText.Count(comparison.Draws)} draws of {NumberText.Count(comparison.Captures)} whole "
                + $"{comparison.GroupWord}s" + (comparison.Captures < FewCaptures
                    ? "; with so few of them they are too narrow, so give more"
                    : "");
        if (comparison.SpeedupMedian is null)
        {
            yield return $"medians: {NumberText.Percent(comparison.FirstPacketShare)} "
                + $"{NumberText.Percent(comparison.FirstPacketInterval)} of the {result.Unit.Units} are answered on "
                + "packet 1; half lies within, where the cascade's median jumps, so the ratio of medians says nothing";
        }
    }

    /// <summary>Returns the intervals of the systems' figures.</summary>
    public static string Systems(EvaluationResult result)
    {
        var table = new TextTable("95 % intervals", "weighted F1", "macro F1", "accuracy", "mean ms", "median ms",
            "p90 ms", "p99 ms", "< 1 ms", "< 16 ms", "packets");
        foreach (var (name, score) in result.Systems)
        {
            if (score.Interval is { } i)
            {
                table.Add(name, NumberText.Fixed(i.WeightedF1, 4), NumberText.Fixed(i.MacroF1, 4),
                    NumberText.Fixed(i.Accuracy, 4), NumberText.Fixed(i.MeanMs, 2), NumberText.Fixed(i.MedianMs, 3),
                    NumberText.Fixed(i.P90Ms, 2), NumberText.Fixed(i.P99Ms, 2), NumberText.Percent(i.Under1Ms),
                    NumberText.Percent(i.Under16Ms), NumberText.Fixed(i.PacketsMean, 2));
            }
        }

        return table.ToString();
    }

    /// <summary>Returns the intervals of the tiers' figures.</summary>
    public static string Tiers(EvaluationResult result)
    {
        var table = new TextTable("95 % intervals", "answers", "escalates", "weighted F1 on all", "errors caught");
        foreach (var tier in result.Tiers)
        {
            if (tier.Interval is { } i)
            {
                table.Add(tier.Name, NumberText.Percent(i.AnsweredShare), NumberText.Percent(i.EscalatedShare),
                    NumberText.Fixed(i.WeightedF1, 4),
                    tier == result.Tiers[^1] ? "" : NumberText.Percent(i.ErrorsCaught));
            }
        }

        return table.ToString();
    }

    static Interval? From(SystemScore score, Func<SystemIntervals, Interval> interval) =>
        score.Interval is { } all ? interval(all) : null;
}
