using MathNet.Numerics.Distributions;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Fixed-sequence testing, the form of learn-then-test that needs no correction for the number of levels (Angelopoulos,
/// Bates, Candès, Jordan and Lei, "Learn then Test", 2021, section 3): levels are tested in an order that was settled
/// without the data, each at the whole risk, and the first that fails ends it. The probability that any level which
/// passed loses more than it may is at most the risk.
/// </summary>
public static class FixedSequenceTest
{
    /// <summary>The last level that passes; −1 where not even the first does.</summary>
    /// <param name="losses">Flows lost at each level, the strictest level first; asked for as long as levels
    /// pass.</param>
    /// <param name="flows">Flows that were tested on, exchangeable with those to come.</param>
    public static int LastPassing(IEnumerable<int> losses, int flows, LossPromise promise)
    {
        var last = -1;
        foreach (var lost in losses.TakeWhile(lost => PValue(lost, flows, promise.MaxLoss) <= promise.Risk))
        {
            last++;
        }

        return last;
    }

    /// <summary>
    /// Probability of so few losses, or fewer, were the true share of losses just above what is allowed: exact, by
    /// the binomial distribution.
    /// </summary>
    public static double PValue(int lost, int flows, double maxLoss) =>
        flows == 0 ? 1 : Binomial.CDF(maxLoss, flows, lost);

    /// <summary>
    /// Computes the largest share of losses under which that many are still credible (Clopper and Pearson 1934,
    /// one-sided).
    /// </summary>
    public static double UpperBound(int lost, int flows, double confidence) =>
        lost >= flows ? 1 : Beta.InvCDF(lost + 1, flows - lost, confidence);
}
