namespace ServeFlow.Training.Calibration;

/// <summary>Represents one flow that reaches a tier, as the search for thresholds sees it.</summary>
/// <param name="Label">True class.</param>
/// <param name="Fast">This tier's answer.</param>
/// <param name="Slow">The last tier's answer.</param>
/// <param name="Uncertainty">The uncertainty of this tier's calibrated probabilities.</param>
public readonly record struct AssignmentSample(int Label, int Fast, int Slow, float Uncertainty)
{
    public bool FastIsWrong => Fast != Label;

    /// <summary>
    /// Gets what escalation changes: +1 where the slow model corrects the answer, −1 where it worsens it.
    /// </summary>
    public int Gain => (Slow == Label ? 1 : 0) - (Fast == Label ? 1 : 0);
}
