using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>Sweeps one threshold for all classes from the most unsure flows to the surest.</summary>
static class UniversalAssignment
{
    /// <inheritdoc cref="AssignmentCurve.Trace"/>
    public static AssignmentCurve Trace(ConfusionMatrix answered, IReadOnlyList<AssignmentSample> samples) =>
        AssignmentCurve.Trace(answered, samples,
            UncertaintyGroups.From(samples).Select(g => new AssignmentStep(-1, g.Threshold, g.Flows)));
}
