using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;

namespace ServeFlow.Sinks;

/// <summary>Names what a record tells.</summary>
public enum RecordKind : byte
{
    /// <summary>The record tells nothing; sinks never see it.</summary>
    None,

    /// <summary>The flow was decided.</summary>
    Prediction,

    /// <summary>The flow ended.</summary>
    End,
}

/// <summary>
/// Holds one event in a flow's life, by value: sinks may read it during the call and keep nothing of it.
/// </summary>
public struct FlowRecord
{
    public RecordKind Kind;

    /// <summary>Holds the number of the plan whose answer it is, in <see cref="Cascade.ServedPlans"/>; 0 is the
    /// first.</summary>
    public ushort Model;

    /// <summary>Holds the flow as it was at that moment.</summary>
    public Flow Flow;

    public TunnelInfo Tunnel;

    /// <summary>
    /// The answer. Of an ended flow only the label, its confidence, the tier, the reason and the packets used are
    /// known: a decided flow keeps no more.
    /// </summary>
    public Classification Classification;

    /// <summary>
    /// Of an ended flow that several tasks have answered: the answers of the tasks after the first, each in eight
    /// bytes; <see cref="AnswerOf"/> reads them. Elsewhere meaningless.
    /// </summary>
    public TaskTags FurtherTags;

    /// <summary>Holds why the flow ended; meaningless in a prediction.</summary>
    public EndReason EndReason;

    /// <summary>Holds the packet time of the event, nanoseconds since the Unix epoch.</summary>
    public long TimestampNs;

    /// <summary>Holds the number, in its capture, of the packet that brought the event about; 0 where it was
    /// none.</summary>
    public long PacketNumber;

    /// <summary>Gets a task's answer to an ended flow.</summary>
    /// <param name="task">The task, from 0.</param>
    /// <param name="plans">The plans of the process.</param>
    /// <param name="model">Receives the number of the plan whose answer it is.</param>
    public readonly Classification AnswerOf(int task, ServedPlans plans, out int model)
    {
        if (task > 0)
        {
            return DecisionTag.Unpack(FurtherTags[task - 1], plans, out model);
        }

        model = Model;
        return Classification;
    }

    /// <summary>Eight bytes for each task after the first.</summary>
    [InlineArray(TaskSet.MaxTasks - 1)]
    public struct TaskTags
    {
        ulong first;
    }
}
