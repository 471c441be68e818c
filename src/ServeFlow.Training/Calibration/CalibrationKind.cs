namespace ServeFlow.Training.Calibration;

/// <summary>How a tier's probabilities are made to mean what they say.</summary>
public enum CalibrationKind
{
    /// <summary>By whichever explains captures better that it was not fitted to.</summary>
    Auto,

    /// <summary>By one number.</summary>
    Temperature,

    /// <summary>By a rising curve of the top probability.</summary>
    Isotonic,
}
