namespace ServeFlow.Training.Calibration;

/// <summary>
/// States what the early answers may cost, and with what confidence: of all flows, the share that an early tier answers
/// wrongly where the last tier would have been right is at most <paramref name="MaxLoss"/>, with probability
/// <paramref name="Confidence"/> over the draw of the captures that it is tested on.
/// </summary>
public sealed record LossPromise(double MaxLoss, double Confidence)
{
    /// <summary>Gets the probability with which a promise may turn out broken.</summary>
    public double Risk => 1 - Confidence;

    /// <summary>Computes the number of captures below which even a test without any loss would not prove enough.
    /// </summary>
    public int MinCaptures => CaptureBetting.MinCaptures(MaxLoss, Risk);
}

/// <summary>Represents a promise that was tested, on flows that neither the models that answer them nor their
/// thresholds had seen.</summary>
/// <param name="Promise">What was asked.</param>
/// <param name="Captures">Captures that it was tested on.</param>
/// <param name="Flows">Flows of these captures.</param>
/// <param name="Lost">The number of these flows that the early tiers lose as the cascade is served.</param>
/// <param name="Bound">The share of flows that is lost at most, at the promise's confidence; 0 where all flows are
/// escalated and nothing can be lost.</param>
/// <param name="ApproximateBound">The same by drawing captures anew, which is tighter and holds only about.</param>
/// <param name="IsVacuous">Whether nothing is answered early, so that there was nothing to promise.</param>
public sealed record TestedPromise(LossPromise Promise, int Captures, int Flows, int Lost, double Bound,
    double ApproximateBound, bool IsVacuous);
