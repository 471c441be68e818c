namespace ServeFlow.Training.Calibration;

/// <summary>
/// Defines one path of joint levels for a chain of any length, from strict to lax: at each level every tier but the
/// last escalates a given share of the flows, by an order of its own. Later tiers, which are right more often, may be
/// laxer: their share is the first tier's to a power.
/// </summary>
static class LevelPath
{
    /// <summary>Two of a hundred flows apart: finer steps differ by less than captures can tell.</summary>
    public const int Levels = 50;

    /// <summary>Stands for no level: the flow is escalated at all of them.</summary>
    public const byte Never = byte.MaxValue;

    /// <summary>Computes the share of flows that a tier escalates at a level.</summary>
    /// <param name="tier">Number of the tier, from 0.</param>
    /// <param name="pace">How much laxer each tier is than the one before; 1 makes them alike.</param>
    public static double EscalatedShare(int level, int tier, double pace) =>
        Math.Pow(1 - ((double)level / Levels), Math.Pow(pace, tier));

    /// <summary>Finds the first level at which a tier answers each flow.</summary>
    /// <param name="shares">Share of flows that is escalated when the flow is, by flow.</param>
    public static byte[] FirstLevels(double[] shares, int tier, double pace)
    {
        double[] escalated = [.. Enumerable.Range(0, Levels + 1).Select(level => EscalatedShare(level, tier, pace))];
        return Array.ConvertAll(shares, share => First(escalated, share));
    }

    static byte First(double[] escalated, double share)
    {
        // Level 0 escalates everything, whatever the order says.
        for (var level = 1; level < escalated.Length; level++)
        {
            if (escalated[level] < share)
            {
                return (byte)level;
            }
        }

        return Never;
    }
}
