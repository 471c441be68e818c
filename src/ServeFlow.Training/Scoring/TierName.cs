namespace ServeFlow.Training.Scoring;

/// <summary>Names tiers: fastest, fast, slow, as in the paper; numbered between where there are more.</summary>
static class TierName
{
    public static string From(int number, int tiers) => (number, tiers) switch
    {
        _ when number == tiers - 1 => "slow",
        (0, 2) => "fast",
        (0, _) => "fastest",
        (1, _) => "fast",
        _ => $"fast{number}",
    };
}
