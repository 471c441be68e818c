namespace ServeFlow.Training.Calibration;

/// <summary>Estimates what a level of a path does, on flows that nothing was fitted on.</summary>
/// <param name="Level">The level, from 0, which answers nothing early, to <see cref="LevelPath.Levels"/>.</param>
/// <param name="Loss">Weighted F1 lost against the reference on every flow.</param>
/// <param name="LossBound">The bound that 95 % of the draws of captures stay within.</param>
/// <param name="LostShare">Share of flows that are answered early and wrongly where the last tier is right.</param>
/// <param name="LostBound">The bound that 95 % of the draws stay within.</param>
/// <param name="EarlyShare">Share of flows that are answered before the last tier.</param>
/// <param name="FirstDepthShare">Share of flows that are answered without waiting for more packets.</param>
public readonly record struct LevelEstimate(int Level, double Loss, double LossBound, double LostShare,
    double LostBound, double EarlyShare, double FirstDepthShare);

/// <summary>Says which level of a path is served.</summary>
/// <param name="MaxLoss">Weighted F1 that may be lost; null bounds nothing.</param>
public sealed record LevelRule(double? MaxLoss)
{
    /// <summary>Specifies the share of draws that a bound holds in.</summary>
    public const double Confidence = 0.95;

    /// <summary>Exceeds what rounding alone could produce.</summary>
    const double Rounding = 1e-9;

    /// <summary>Gets the share of all flows that may wait, whatever that costs; null lets the loss decide.</summary>
    public double? MaxWaitShare { get; init; }

    /// <summary>
    /// Determines whether a level keeps what was asked on other captures too: the bound on the weighted F1 lost, and
    /// that on the share of flows lost, which may be twice as much because some of them are made up for.
    /// </summary>
    public bool Passes(in LevelEstimate level) => MaxLoss is not { } max
        || (level.LossBound <= max + Rounding && level.LostBound <= (2 * Math.Max(0, max)) + Rounding);

    /// <summary>Finds the level to serve on a walk from strict to lax.</summary>
    /// <param name="levels">Estimates from level 0 on; asked for as long as levels pass.</param>
    /// <returns>The last level before the first that fails; with a share that may wait, the first that keeps it; with
    /// no bound, the one that loses least. Null where not even level 0 passes.</returns>
    public LevelEstimate? Find(IEnumerable<LevelEstimate> levels)
    {
        if (MaxWaitShare is { } most)
        {
            LevelEstimate? last = null;
            foreach (var level in levels)
            {
                last = level;
                if (1 - level.FirstDepthShare <= most + Rounding)
                {
                    break;
                }
            }

            return last;
        }

        if (MaxLoss is null)
        {
            return levels.MinBy(level => level.Loss);
        }

        LevelEstimate? passing = null;
        foreach (var level in levels.TakeWhile(level => Passes(level)))
        {
            passing = level;
        }

        return passing;
    }
}
