namespace ServeFlow.Cascade;

/// <summary>Numbers the answers of one plan, by tier and label, among those of all plans of a process.</summary>
/// <param name="First">The plan's first code.</param>
/// <param name="Labels">The labels of the plan; a code more for each tier stands for an unknown class.</param>
readonly record struct AnswerCodes(int First, int Labels)
{
    /// <summary>Gets the number of codes that a plan takes, by its number of tiers.</summary>
    public int Count(int tiers) => tiers * (Labels + 1);

    /// <param name="label">A place among the labels, or a negative number for an unknown class.</param>
    public int Encode(int tier, int label) => First + (tier * (Labels + 1)) + (label < 0 ? Labels : label);

    /// <summary>Gets tier and label of a code; the label is −1 for an unknown class.</summary>
    public (int Tier, int Label) Decode(int code)
    {
        var (tier, label) = Math.DivRem(code - First, Labels + 1);
        return (tier, label == Labels ? -1 : label);
    }
}
