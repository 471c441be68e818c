using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers.KeptPackets;

namespace ServeFlow.Serving.Workers;

/// <summary>Divides an amount of memory between a worker's flow table and the packets of its undecided flows.</summary>
public static class WorkerMemory
{
    /// <summary>Holds one undecided flow's state, its place and its arrival, in bytes, beside its packets.</summary>
    const int UndecidedBytes = 64 + 16 + 4 + 4;

    /// <summary>Adds this part of the headers: a plan that is activated later may keep rows of answers, of at most half
    /// their size, and the memory of the headers stays.</summary>
    const int RowsDivisor = 2;

    /// <summary>Divides what there is: undecided flows get up to this part.</summary>
    const int UndecidedDivisor = 4;

    /// <summary>The packets of the deepest tier from which on headers are kept only where nothing else will do, and
    /// fewer flows may then be undecided by default.</summary>
    const int DeepPackets = 1_000;

    /// <summary>A table so small would be full all the time.</summary>
    const int MinFlows = 64;

    /// <summary>
    /// Computes how many flows may be undecided by default: fewer where a tier waits for more than a thousand packets
    /// and their headers are kept, so that these take no more memory than those of a thousand packets each.
    /// </summary>
    /// <param name="tasks">The plan of each task that a worker answers.</param>
    public static int MaxUndecided(IReadOnlyList<CascadePlan> tasks)
    {
        var depth = DeepRowsOf(tasks) is null ? tasks.Max(plan => plan.Tiers[^1].PacketDepth) : DeepPackets;
        return (int)((long)new WorkerOptions().MaxUndecided * DeepPackets / Math.Max(depth, DeepPackets));
    }

    /// <summary>Lays out what a worker keeps of undecided flows in place of their headers; null for headers: the plan
    /// has to see them, several tasks share them, or this processor writes rows slowly and headers are few.</summary>
    /// <param name="tasks">Tasks that the worker answers.</param>
    internal static AnswerRows? RowsOf(CascadePlan plan, int tasks) =>
        tasks == 1 && (AnswerRows.IsFast || IsDeep(plan)) ? PlanRows.TryCreate(plan) : null;

    /// <summary>
    /// Bounds a worker's options so that flows and what is kept of their packets fit into the given bytes. A shadow
    /// takes more.
    /// </summary>
    /// <param name="tasks">The plan of each task that the worker answers.</param>
    /// <param name="bytes">Memory of this worker.</param>
    /// <exception cref="InputException">It is too little to work with.</exception>
    public static WorkerOptions Bound(WorkerOptions options, IReadOnlyList<CascadePlan> tasks, long bytes)
    {
        var depth = tasks.Max(plan => plan.Tiers[^1].PacketDepth);
        var tiers = tasks.Max(plan => plan.Tiers.Count);
        var headers = (long)depth * HeaderRecord.RecordLength;
        var kept = DeepRowsOf(tasks)?.Bytes ?? headers + (tasks.Count == 1 ? headers / RowsDivisor : 0);
        var each = kept + (tasks.Count * (UndecidedBytes + ((long)tiers * PendingHeaders.PlaceBytes)));
        var undecided = (int)Math.Min(options.MaxUndecided, bytes / UndecidedDivisor / each);
        var answers = tasks.Count > 1 ? tasks.Count * sizeof(long) : 0;
        var flows = FlowMemory.FlowsWithin(bytes - (undecided * each), answers);
        if (flows < MinFlows || undecided < MinFlows)
        {
            var least = FlowMemory.BytesFor(MinFlows) + (MinFlows * (answers + (UndecidedDivisor * each)));
            throw new InputException($"{bytes:N0} bytes are too little memory for a worker's flows: give at least "
                + $"{least:N0} for each worker");
        }

        return options with
        {
            MaxUndecided = undecided,
            Flows = options.Flows with { MaxFlows = Math.Min(options.Flows.MaxFlows, flows) },
        };
    }

    /// <summary>Lays out the rows of a plan that is so deep that every processor keeps them; null for other plans, and
    /// where headers are kept.</summary>
    static AnswerRows? DeepRowsOf(IReadOnlyList<CascadePlan> tasks) =>
        tasks is [var plan] && IsDeep(plan) ? RowsOf(plan, tasks.Count) : null;

    static bool IsDeep(CascadePlan plan) => plan.Tiers[^1].PacketDepth >= DeepPackets;
}
