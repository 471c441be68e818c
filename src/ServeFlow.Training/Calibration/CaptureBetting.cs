using MathNet.Numerics.Distributions;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Tests whether the share of flows lost is below a limit, with captures as the evidence and not flows: losses of one
/// capture come together. A gambler bets, capture after capture in random order, that the share is below the limit;
/// each bet depends on the captures before it alone. Were the share not below it, the gambler's fortune would grow to
/// 1 ÷ risk with at most that risk (Ville 1939; Waudby-Smith and Ramdas, "Estimating means of bounded random variables
/// by betting", 2023). Valid for any number of captures and any sizes of losses within them. A capture of more than
/// three flows counts as three, each with its share of the capture's losses, so that no large capture decides alone.
/// What large captures lose is bounded besides, by the spread of losses over captures: that bound counts every flow and
/// holds only for many captures, for which it is asked at half the risk.
/// </summary>
sealed class CaptureBetting
{
    /// <summary>Specifies the most flows that a capture counts as.</summary>
    const double MaxFlows = 3;

    /// <summary>Specifies the share of the fortune that may be lost with one capture: all of it must never
    /// be.</summary>
    const double MaxStake = 0.9;

    /// <summary>Captures that the first bets are placed as if they had been seen, half of the losses allowed among
    /// them.</summary>
    const double Prior = 10;

    /// <summary>Two bounds that differ by less are the same.</summary>
    const double BoundStep = 0.98;

    /// <summary>Ends a search for bounds that there are none below.</summary>
    const double MinBound = 1e-5;

    readonly (int Flows, int Lost)[] counts;
    readonly (double Flows, double Lost)[] captures;

    /// <param name="captures">Flows and flows lost of each capture, in random order.</param>
    public CaptureBetting(IEnumerable<(int Flows, int Lost)> captures)
    {
        counts = [.. captures];
        this.captures = [.. counts.Select(capture =>
        {
            var weight = Math.Min(1, MaxFlows / capture.Flows) / MaxFlows;
            return (weight * capture.Flows, weight * capture.Lost);
        })];
    }

    /// <summary>Counts flows and losses by capture, in an order drawn at random.</summary>
    /// <param name="isLost">Whether the flow at a position is lost.</param>
    public static CaptureBetting From(FlowSample flows, Func<int, bool> isLost, int seed)
    {
        var counts = new SortedDictionary<int, (int Flows, int Lost)>();
        for (var flow = 0; flow < flows.Count; flow++)
        {
            var seen = counts.GetValueOrDefault(flows.Groups[flow]);
            counts[flows.Groups[flow]] = (seen.Flows + 1, seen.Lost + (isLost(flow) ? 1 : 0));
        }

        var order = counts.Values.ToArray();
        new Random(seed).Shuffle(order);
        return new(order);
    }

    /// <summary>Computes how many captures without any loss it takes to show that less than a share is lost.</summary>
    public static int MinCaptures(double maxLoss, double risk)
    {
        var (few, enough) = (0, 1);
        while (!IsEnough(enough))
        {
            (few, enough) = (enough, enough * 2);
        }

        while (enough - few > 1)
        {
            var middle = few + ((enough - few) / 2);
            (few, enough) = IsEnough(middle) ? (few, middle) : (middle, enough);
        }

        return enough;

        bool IsEnough(int captures) =>
            new CaptureBetting(Enumerable.Repeat(((int)MaxFlows, 0), captures)).Shows(maxLoss, risk);
    }

    /// <summary>Determines whether the captures show, at a risk, that less than a share of flows is lost.</summary>
    public bool Shows(double maxLoss, double risk) =>
        SpreadBound(risk / 2) <= maxLoss && ShowsByBetting(maxLoss, risk);

    /// <summary>Returns the share of flows lost, plus as many standard errors of it as the risk takes; a capture is one
    /// observation (the ratio estimator, Cochran 1977, section 6.4).</summary>
    double SpreadBound(double risk)
    {
        double flows = counts.Sum(capture => capture.Flows);
        var share = counts.Sum(capture => capture.Lost) / flows;
        var squares = counts.Sum(capture => Math.Pow(capture.Lost - (share * capture.Flows), 2));
        return share + (Normal.InvCDF(0, 1, 1 - risk) * Math.Sqrt(squares) / flows);
    }

    bool ShowsByBetting(double maxLoss, double risk)
    {
        var fortune = 1.0;
        var (mean, variance) = (maxLoss / 2, maxLoss / 2);
        var (sum, squares, seen) = (Prior * mean, Prior * variance, Prior);
        foreach (var (flows, lost) in captures)
        {
            var gain = (maxLoss * flows) - lost;
            fortune *= 1 + (Stake(sum / seen, squares / seen, maxLoss) * gain);
            if (fortune >= 1 / risk)
            {
                return true;
            }

            (sum, squares, seen) = (sum + gain, squares + (gain * gain), seen + 1);
        }

        return false;
    }

    /// <summary>Finds the least share that the captures show to be above what is lost; 1 where there is none.</summary>
    /// <param name="start">A share to begin at; where it is shown, so is the bound, which then is at most as large.
    /// </param>
    public double Bound(double start, double risk)
    {
        var bound = start;
        while (!Shows(bound, risk))
        {
            bound /= BoundStep;
            if (bound >= 1)
            {
                return 1;
            }
        }

        while (bound > MinBound && Shows(bound * BoundStep, risk))
        {
            bound *= BoundStep;
        }

        return bound;
    }

    /// <summary>Returns the stake under which the fortune is expected to grow fastest, by the captures so
    /// far.</summary>
    static double Stake(double mean, double square, double maxLoss) =>
        Math.Clamp(mean / Math.Max(square, 1e-12), 0, MaxStake / (1 - maxLoss));
}
