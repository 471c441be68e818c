namespace ServeFlow.Training.Calibration;

/// <summary>Kinds of thresholds as bundles, options and tables spell them.</summary>
static class AssignmentKindName
{
    public static string From(AssignmentKind kind) => kind == AssignmentKind.Universal ? "universal" : "per_class";
}
