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

    /// <summary>Is added to each count, so that an opening never seen is rare and not impossible.</summary>
    const double Prior = 0.5;

    readonly OpeningHash hash;
    readonly Entry[] slots;
    readonly double logFlows;

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
    }

    /// <summary>Packets of the longest opening that was counted.</summary>
    public int Packets { get; }

    /// <summary>
    /// Computes how rare the openings of a flow are, and how foreign to a class: each from 0 to 1, averaged over its
    /// openings of one packet, two packets and so on, as far as packets were kept. Whether the flow goes on takes no
    /// part, since a tier may have stopped waiting. Allocates nothing.
    /// </summary>
    /// <param name="packets">The packets that the tier saw; of none, both are 0.</param>
    /// <param name="label">The class.</param>
    public (float Rarity, float Foreignness) LookUp(ReadOnlySpan<HeaderRecord> packets, int label)
    {
        var count = Math.Min(packets.Length, Packets);
        var opening = OpeningHash.Start;
        var (rarity, foreignness) = (0.0, 0.0);
        for (var packet = 0; packet < count; packet++)
        {
            opening = hash.Next(opening, packets[packet]);
            var flows = CountFlows(opening);
            if (flows == 0)
            {
                // What goes on from an opening never seen was never seen either.
                rarity += count - packet;
                foreignness += count - packet;
                break;
            }

            rarity += (logFlows - Math.Log(flows + Prior)) / (logFlows - Math.Log(Prior));
            foreignness += 1 - (CountFlows(OpeningHash.With(opening, label)) / (flows + Prior));
        }

        return count == 0 ? (0, 0) : ((float)Math.Clamp(rarity / count, 0, 1), (float)(foreignness / count));
    }

    /// <summary>Computes the signals that a flow belongs to no known class. Allocates nothing.</summary>
    /// <param name="decision">What the tier makes of it.</param>
    /// <param name="packets">The packets that the tier saw.</param>
    public NoveltySignals ComputeSignals(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets)
    {
        var (rarity, foreignness) = LookUp(packets, decision.LabelId);
        return new(rarity, foreignness, 1 - decision.Confidence);
    }

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
