namespace ServeFlow.Training.Calibration;

/// <summary>
/// States what the early answers may cost, and with what confidence: of all flows, the share that an early tier answers
/// wrongly where the last tier would have been right is at most <paramref name="MaxLoss"/>, with probability
/// <paramref name="Confidence"/> over the draw of the flows that it is tested on.
/// </summary>
public sealed record LossPromise(double MaxLoss, double Confidence)
{
    /// <summary>
    /// Share of the training captures that are held back to test the promise on. They cost training as many flows,
    /// and what can be promised tightens with the square root of theirs.
    /// </summary>
    public const double TestShare = 0.2;

    /// <summary>Probability with which a promise may turn out broken.</summary>
    public double Risk => 1 - Confidence;

    /// <summary>Gets the number of flows below which even a test without any loss would not prove enough.</summary>
    public int MinFlows => (int)Math.Ceiling(Math.Log(Risk) / Math.Log(1 - MaxLoss));
}
