using System.Diagnostics;
using System.Runtime.CompilerServices;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Features;
using ServeFlow.Features.Rows;

namespace ServeFlow.Serving.Workers.KeptPackets;

/// <summary>Keeps what a plan's tiers ask of the packets of undecided flows, in place of their headers.</summary>
sealed class LaneRows
{
    readonly AnswerRows layout;
    readonly PendingRows kept;

    /// <summary>Holds, by question of the plan's baseline, the place of its answer in a row.</summary>
    readonly int[] driftPlaces;

    /// <summary>Tells that sums over packets go on with each.</summary>
    readonly bool hasSums;

    /// <summary>Holds the headers of a packet while its answers are found.</summary>
    HeaderRecord packet;

    /// <param name="layout">The rows.</param>
    /// <param name="kept">Room for rows of this length.</param>
    /// <param name="drift">The plan's baseline, whose questions the rows answer too; null where there is none.</param>
    public LaneRows(AnswerRows layout, PendingRows kept, DriftPlan? drift)
    {
        (this.layout, this.kept, hasSums) = (layout, kept, !layout.Aggregates.IsEmpty);
        driftPlaces = [.. (drift?.Tests ?? []).Select(test => layout.PlaceOf(test))];
    }

    /// <summary>Gets the room for the headers of a packet, whose answers <see cref="Keep"/> then finds.</summary>
    public ref HeaderRecord Packet => ref packet;

    /// <summary>Keeps the answers to what is asked of <see cref="Packet"/>.</summary>
    /// <param name="slot">The flow's slot.</param>
    /// <param name="number">The packet, from 0.</param>
    public void Keep(int slot, int number)
    {
        var row = kept.Row(slot, layout.Words);
        layout.Write(ref packet, number, row);
        if (hasSums)
        {
            layout.Aggregates.Add(packet, number, ref kept.Sums(slot), row);
        }
    }

    /// <summary>A flow waits for no more packets.</summary>
    /// <param name="packets">How many were kept of it.</param>
    public void Close(int slot, int packets)
    {
        Debug.Assert(packets > 0, "a unit begins with a packet");
        if (hasSums)
        {
            layout.Aggregates.Close(packets, kept.Sums(slot), kept.Row(slot, layout.Words));
        }
    }

    /// <summary>Gets the answers to what is asked of a flow's first packets.</summary>
    public ReadOnlySpan<ulong> Row(int slot, int packets) => kept.Row(slot, layout.WordsOf(packets));

    /// <summary>Exchanges the directions of a flow's packets.</summary>
    public void Turn(int slot, int packets)
    {
        var row = kept.Row(slot, layout.Words);
        layout.Turn(row, packets);
        if (hasSums)
        {
            layout.Aggregates.Turn(packets, ref kept.Sums(slot), row);
        }
    }

    /// <summary>Counts a flow's answer, to compare it with those of training.</summary>
    /// <param name="packets">Packets that the first tier sees of it.</param>
    public void Count(DriftCounter drift, in Classification answer, int slot, int packets) =>
        drift.Count(answer, Row(slot, packets), driftPlaces);

    /// <inheritdoc cref="PendingRows.Prefault"/>
    public void Prefault(int slot) => kept.Prefault(slot);

    /// <summary>Asks for the room of a packet's answers. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot, int packet)
    {
        kept.Prefetch(slot, layout.WordsOf(packet));
        if (hasSums)
        {
            kept.PrefetchSums(slot);
        }
    }

    /// <summary>Asks for the answers to what is asked of a flow's first packets. A hint.</summary>
    public void PrefetchRow(int slot, int packets) => kept.PrefetchRow(slot, layout.WordsOf(packets));
}
