using ServeFlow.Training.Calibration;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Quantiles of a system's times on every draw of captures. For each capture it is counted once how many answers have
/// come by each of many times, so that a draw takes no time that grows with the flows.
/// </summary>
sealed class LatencyDraws
{
    /// <summary>Limits the times, evenly spaced by rank: a thousandth of the answers lies between two.</summary>
    const int MaxTimes = 1_024;

    /// <summary>Limits the counts of all captures together: 32 MiB.</summary>
    const int MaxCounts = 1 << 22;

    readonly CaptureDraws captures;
    readonly double[] times;

    /// <summary>[time, group]: answers that have come by the time.</summary>
    readonly double[][] counts;

    LatencyDraws(CaptureDraws captures, double[] times, double[][] counts)
    {
        this.captures = captures;
        this.times = times;
        this.counts = counts;
    }

    /// <param name="answers">All answers of a system.</param>
    public static LatencyDraws Compute(CaptureDraws captures, SystemAnswer[] answers)
    {
        var times = Thin([.. answers.Select(answer => answer.Ms).Order()], captures.Groups);
        var counts = Array.ConvertAll(times, _ => new double[captures.Groups]);
        foreach (var answer in answers)
        {
            var place = Array.BinarySearch(times, answer.Ms);
            counts[Math.Min(place < 0 ? ~place : place, times.Length - 1)][captures.Group(answer.Flow)] +=
                answer.Weight;
        }

        for (var time = 1; time < times.Length; time++)
        {
            for (var group = 0; group < captures.Groups; group++)
            {
                counts[time][group] += counts[time - 1][group];
            }
        }

        return new(captures, times, counts);
    }

    /// <summary>Gets the time by which a share of the answers has come, on each draw.</summary>
    public double[] Quantiles(double share) =>
        [.. Enumerable.Range(0, captures.Draws).Select(draw => Quantile(captures.Weights(draw), share))];

    double Quantile(ReadOnlySpan<byte> drawn, double share)
    {
        var wanted = share * CaptureDraws.Weigh(drawn, counts[^1]);
        var (low, high) = (0, times.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = CaptureDraws.Weigh(drawn, counts[middle]) < wanted ? (middle + 1, high) : (low, middle);
        }

        return times[low];
    }

    /// <summary>Gets distinct times, ascending, the last of all among them.</summary>
    static double[] Thin(double[] sorted, int groups)
    {
        var steps = Math.Min(Math.Clamp(MaxCounts / groups, 2, MaxTimes), sorted.Length);
        return
        [
            .. Enumerable.Range(1, steps).Select(step => sorted[(int)((long)step * sorted.Length / steps) - 1])
                .Distinct(),
        ];
    }
}
