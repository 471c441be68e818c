using System.Numerics;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Counts how many training flows began like a given flow, packet by packet, in all and per class. Immutable; shared by
/// all workers.
/// </summary>
public sealed class OpeningTable
{
    /// <summary>
    /// Limits the openings that are looked up: longer ones hardly repeat, and every packet is a look-up.
    /// </summary>
    public const int MaxPackets = 10;

    /// <summary>Limits the classes that are looked for: a bundle has fewer.</summary>
    const int MaxClasses = 1 << 14;

    /// <summary>Specifies what is added to each count, so that an opening never seen is rare, not impossible.</summary>
    const double Prior = 0.5;

    readonly OpeningHash hash;
    readonly Entry[] slots;
    readonly double logFlows;

    /// <summary>[class × packets + place]: the words, as bits, that are never zero there in flows of the class.
    /// </summary>
    readonly ulong[] strangeZeros;

    internal OpeningTable(FeatureSchema schema, OpeningCounts counts)
    {
        hash = new(schema);
        Packets = counts.Packets;
        logFlows = Math.Log(counts.Flows + 1);
        // At most half full, so that a chain of taken places is short.
        slots = new Entry[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, counts.Entries.Count * 2))];
        foreach (var (opening, flows) in counts.Entries)
        {
            FindEntry(opening) = new(opening, flows);
        }

        strangeZeros = [.. Enumerable.Range(0, CountClasses(counts.Flows)).SelectMany(FindStrangeZeros)];
    }

    /// <summary>Gets the number of packets of the longest opening that was counted.</summary>
    public int Packets { get; }

    /// <summary>
    /// Computes the signals that a flow belongs to no known class, averaged over its openings of one packet, two
    /// packets and so on, as far as packets were kept. Whether the flow goes on takes no part, since a tier may have
    /// stopped waiting. Allocates nothing.
    /// </summary>
    /// <param name="decision">What the tier makes of it.</param>
    /// <param name="packets">The packets that the tier saw; of none, all that they tell is 0.</param>
    public NoveltySignals ComputeSignals(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets)
    {
        var found = LookUp(packets[..Math.Min(packets.Length, Packets)], decision.LabelId);
        return found with { Uncertainty = 1 - decision.Confidence, Spread = ComputeSpread(decision.TopConfidences) };
    }

    /// <summary>Computes what a flow's packets tell by themselves.</summary>
    /// <param name="packets">At most <see cref="Packets"/>.</param>
    /// <param name="label">The class that is predicted.</param>
    internal NoveltySignals LookUp(ReadOnlySpan<HeaderRecord> packets, int label)
    {
        var opening = OpeningHash.Start;
        var ofLabel = CountFlows(OpeningHash.With(opening, label)) + 1.0;
        var (rarity, foreignness, improbability, strangeWords, isSeen) = (0.0, 0.0, 0.0, 0, true);
        for (var place = 0; place < packets.Length; place++)
        {
            // What goes on from an opening never seen was never seen either.
            opening = isSeen ? hash.Next(opening, packets[place]) : opening;
            var flows = isSeen ? CountFlows(opening) : 0;
            var ofClass = flows == 0 ? 0 : CountFlows(OpeningHash.With(opening, label));
            isSeen = flows > 0;
            rarity += (logFlows - Math.Log(flows + Prior)) / (logFlows - Math.Log(Prior));
            foreignness += 1 - (ofClass / (flows + Prior));
            improbability += Math.Log(ofLabel / (ofClass + Prior));
            // A flow of the class that began so had all of the packet's words.
            strangeWords += ofClass == 0 ? CountStrangeWords(place, packets[place], label) : 0;
        }

        return packets.IsEmpty
            ? default
            : new((float)Math.Clamp(rarity / packets.Length, 0, 1), (float)(foreignness / packets.Length), 0)
            {
                Improbability = (float)Math.Min(1, improbability / packets.Length / (logFlows - Math.Log(Prior))),
                // The root, for the first strange word says more than the tenth.
                Strangeness = (float)Math.Sqrt((double)strangeWords / (packets.Length * hash.VisibleWords)),
            };
    }

    /// <summary>
    /// Counts the words of a packet that no flow of a class had there. Most words are zeros of headers that the packet
    /// does not have; these are counted at once, without a look-up for each.
    /// </summary>
    int CountStrangeWords(int place, in HeaderRecord packet, int label)
    {
        Span<ulong> words = stackalloc ulong[hash.VisibleWords];
        var shown = hash.ComputeNonZeroWords(place, packet, words, out var zeros);
        var at = (label * Packets) + place;
        var strange = BitOperations.PopCount(at < strangeZeros.Length ? zeros & strangeZeros[at] : zeros);
        foreach (var word in words[..shown])
        {
            strange += CountFlows(OpeningHash.With(word, label)) == 0 ? 1 : 0;
        }

        return strange;
    }

    /// <summary>Counts the classes up to the last one that has a flow.</summary>
    int CountClasses(long flows)
    {
        var label = 0;
        for (var seen = 0L; seen < flows && label < MaxClasses; label++)
        {
            seen += CountFlows(OpeningHash.With(OpeningHash.Start, label));
        }

        return label;
    }

    /// <summary>Finds the words that no flow of a class has as zeros.</summary>
    /// <returns>[place]: the words, as bits.</returns>
    ulong[] FindStrangeZeros(int label)
    {
        var strange = new ulong[Packets];
        if (CountFlows(OpeningHash.With(OpeningHash.Start, label)) == 0)
        {
            Array.Fill(strange, ulong.MaxValue);
            return strange;
        }

        var words = new ulong[hash.VisibleWords];
        for (var place = 0; place < strange.Length; place++)
        {
            hash.ComputeWords(place, default, words);
            for (var i = 0; i < words.Length; i++)
            {
                strange[place] |= CountFlows(OpeningHash.With(words[i], label)) == 0 ? 1UL << i : 0;
            }
        }

        return strange;
    }

    /// <summary>Computes the entropy of the most probable classes and all others as one, from 0 to 1.</summary>
    static float ComputeSpread(in Classification.TopProbabilities top)
    {
        var (rest, entropy) = (1.0, 0.0);
        for (var rank = 0; rank < Classification.TopCount; rank++)
        {
            rest -= top[rank];
            entropy += Entropy(top[rank]);
        }

        return (float)((entropy + Entropy(rest)) / Math.Log(Classification.TopCount + 1));
    }

    static double Entropy(double probability) => probability > 0 ? -probability * Math.Log(probability) : 0;

    uint CountFlows(ulong opening) => FindEntry(opening).Flows;

    /// <summary>Finds the entry of an opening, or the free entry where it would go.</summary>
    ref Entry FindEntry(ulong opening)
    {
        var at = (uint)opening & (uint)(slots.Length - 1);
        while (slots[at].Flows != 0 && slots[at].Opening != opening)
        {
            at = (at + 1) & (uint)(slots.Length - 1);
        }

        return ref slots[at];
    }

    /// <summary>A place without flows is free.</summary>
    readonly record struct Entry(ulong Opening, uint Flows);
}
