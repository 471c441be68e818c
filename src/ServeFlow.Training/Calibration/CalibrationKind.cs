namespace ServeFlow.Training.Calibration;

/// <summary>Names a calibration of a tier's probabilities.</summary>
public enum CalibrationKind
{
    /// <summary>Chooses the calibration that better explains captures it was not fitted to.</summary>
    Auto,

    /// <summary>Divides scores by one number.</summary>
    Temperature,

    /// <summary>Maps the top probability by a rising curve.</summary>
    Isotonic,
}
