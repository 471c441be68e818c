namespace ServeFlow.Training.TierSelection;

/// <summary>Measures times in steps of a twentieth, from a microsecond to a day: few enough to count flows
/// by.</summary>
static class TimeScale
{
    public const int Steps = 256;

    const double MinMs = 1e-3;

    /// <summary>256 steps of ten per cent span ten decades: one is within a twentieth of its middle.</summary>
    static readonly double Ratio = Math.Log(1.1);

    public static byte ToStep(double ms) =>
        (byte)(ms <= MinMs ? 0 : Math.Min(Steps - 1, 1 + (int)(Math.Log(ms / MinMs) / Ratio)));

    /// <summary>Returns the middle of a step; 0 for the first.</summary>
    public static double ToMs(int step) => step == 0 ? 0 : MinMs * Math.Exp((step - 0.5) * Ratio);
}
