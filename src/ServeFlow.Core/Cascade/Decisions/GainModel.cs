namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// The classes of a gain model: a small model beside a tier's own that predicts, from the same packets, what
/// escalating a flow to the last tier would do to its answer.
/// </summary>
public static class GainModel
{
    /// <summary>The tier is right and the last one would be wrong.</summary>
    public const int Worsens = 0;

    /// <summary>Numbers the outcome in which both tiers are right, or both are wrong.</summary>
    public const int NoChange = 1;

    /// <summary>The tier is wrong and the last one would be right.</summary>
    public const int Corrects = 2;

    /// <summary>Specifies the number of outcomes.</summary>
    public const int Outcomes = 3;

    /// <summary>Answers corrected less answers worsened, to be expected of one flow: from −1 to 1.</summary>
    /// <param name="outcomes">The probability of each outcome.</param>
    public static float ExpectedGain(ReadOnlySpan<float> outcomes) => outcomes[Corrects] - outcomes[Worsens];
}
