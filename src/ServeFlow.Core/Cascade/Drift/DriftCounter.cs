using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;

namespace ServeFlow.Cascade.Drift;

/// <summary>
/// Counts a worker's answers, block after block, for one reader on another thread. The worker never waits and
/// allocates nothing: where the reader is late, a block grows until there is room to hand it over.
/// </summary>
/// <param name="plan">Says what is counted.</param>
/// <param name="blockFlows">Flows of a block.</param>
public sealed class DriftCounter(DriftPlan plan, int blockFlows)
{
    /// <summary>Samples flows: one in this number is asked the questions, which keeps their cost small.</summary>
    public const int Sampling = 8;

    /// <summary>Limits the blocks that wait for the reader: at a million flows a second those of 60 ms. A power of
    /// two.</summary>
    const int Capacity = 64;

    readonly DriftLayout layout = plan.Layout;
    readonly long[][] ring = [.. Enumerable.Range(0, Capacity).Select(_ => new long[plan.Layout.Length])];
    readonly float[] row = new float[plan.Columns.Length];
    long[] block = new long[plan.Layout.Length];
    long written;
    long read;

    /// <summary>Counts an answer. An answer that was given for want of room or time says nothing of the traffic.
    /// </summary>
    /// <param name="packets">The flow's packets up to the depth of the first tier; empty where none are kept.</param>
    public void Count(in Classification answer, ReadOnlySpan<HeaderRecord> packets)
    {
        if (Count(answer) && !packets.IsEmpty)
        {
            block[DriftLayout.Sampled]++;
            plan.Schema.Extract(packets, plan.Columns, row);
            for (var question = 0; question < row.Length; question++)
            {
                block[layout.Question(question)] += row[question] > plan.Thresholds[question] ? 1 : 0;
            }
        }

        HandOverFull();
    }

    /// <inheritdoc cref="Count(in Classification, ReadOnlySpan{HeaderRecord})"/>
    /// <param name="answers">The row of answers that the packets fill.</param>
    /// <param name="places">[question]: the place of its answer in the row.</param>
    public void Count(in Classification answer, ReadOnlySpan<ulong> answers, ReadOnlySpan<int> places)
    {
        const int wordBits = 64;
        if (Count(answer))
        {
            block[DriftLayout.Sampled]++;
            for (var question = 0; question < places.Length; question++)
            {
                var (word, bit) = Math.DivRem(places[question], wordBits);
                block[layout.Question(question)] += word < answers.Length ? (long)(answers[word] >> bit) & 1 : 0;
            }
        }

        HandOverFull();
    }

    /// <summary>Counts an answer, if it says something of the traffic. Gives whether its flow is to be asked.</summary>
    bool Count(in Classification answer)
    {
        if (answer.Reason is DecisionReason.Overload or DecisionReason.TierUnavailable or DecisionReason.NoModel)
        {
            return false;
        }

        if (block[DriftLayout.Flows]++ == 0)
        {
            block[DriftLayout.FirstNs] = answer.DecidedNs;
        }

        block[DriftLayout.LastNs] = answer.DecidedNs;
        block[layout.Tier(answer.Tier)]++;
        if (answer.IsUnknown)
        {
            block[DriftLayout.Unknown]++;
        }
        else
        {
            var place = plan.Place(answer.LabelId);
            block[layout.Class(place)]++;
            block[layout.Confidence(place)] += (long)(answer.Confidence * DriftLayout.ConfidenceUnit);
        }

        return block[DriftLayout.Flows] % Sampling == 0;
    }

    /// <summary>Takes the next block, on the reader's thread.</summary>
    /// <param name="into">Its counts are added to these.</param>
    /// <returns>False where there is none.</returns>
    public bool TryTake(Span<long> into)
    {
        if (read == Volatile.Read(ref written))
        {
            return false;
        }

        layout.Add(into, ring[read % Capacity]);
        Volatile.Write(ref read, read + 1);
        return true;
    }

    void HandOverFull()
    {
        if (block[DriftLayout.Flows] >= blockFlows)
        {
            HandOver();
        }
    }

    void HandOver()
    {
        if (written - Volatile.Read(ref read) == Capacity)
        {
            return;
        }

        var place = written % Capacity;
        (block, ring[place]) = (ring[place], block);
        Array.Clear(block);
        Volatile.Write(ref written, written + 1);
    }
}
