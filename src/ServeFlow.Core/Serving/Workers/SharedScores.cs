using ServeFlow.Flows.Memory;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Keeps what a tier's model gave for units that the main plan scored, for the shadow's tier of the same model: the
/// same packets of a unit give the same scores, which are then not computed twice. By pair, as
/// <see cref="ShadowRun"/> numbers them. docs/decisions/0053-scores-shared-with-a-shadow.md.
/// </summary>
/// <param name="pairs">Pairs at most; they cost address space until they are used.</param>
/// <param name="classes">The classes that the model tells apart.</param>
sealed unsafe class SharedScores(long pairs, int classes)
{
    /// <summary>Holds, by pair, the probabilities of each class, raw.</summary>
    readonly NativeBlock<float> rows = new(pairs * classes);

    /// <summary>Holds, by pair, how many packets those are of; 0 where there are none.</summary>
    readonly NativeBlock<ushort> packets = new(pairs);

    /// <summary>Gets or sets how often scores were taken instead of computed.</summary>
    public long Taken { get; set; }

    /// <summary>Says that a pair is about to be used for the first time. A hint.</summary>
    public void Prefault(int pair)
    {
        rows.Prefault((((long)pair + 1) * classes) - 1);
        packets.Prefault(pair);
    }

    /// <summary>Says that a pair is of a unit whose scores are not known.</summary>
    public void Forget(int pair) => packets[pair] = 0;

    /// <summary>Determines whether the scores that are kept of a unit are of this number of packets.</summary>
    public bool Has(int pair, int packetCount) => packetCount > 0 && packets[pair] == packetCount;

    /// <summary>Keeps the scores of a unit, and the number of packets that they are of.</summary>
    public void Keep(int pair, int packetCount, ReadOnlySpan<float> scores)
    {
        packets[pair] = (ushort)packetCount;
        scores.CopyTo(Row(pair));
    }

    /// <summary>Gets the scores that are kept of a unit.</summary>
    public Span<float> Row(int pair) => new(rows.Start + ((long)pair * classes), classes);
}
