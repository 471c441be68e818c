using System.Runtime.InteropServices;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Units;

namespace ServeFlow.Serving.Workers;

/// <summary>Represents the state of one undecided flow, or window of one, beside its headers: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
struct PendingFlow
{
    /// <summary><see cref="FlowIndex"/> of a window whose flow has gone on to the next.</summary>
    public const int Detached = -1;

    /// <summary>Holds the last packet time that is waited for.</summary>
    public long DeadlineNs;

    /// <summary>
    /// Its kept packets. Where it is closed nothing more may be waited for: the tiers still to come score what is
    /// there.
    /// </summary>
    public UnitState Unit;

    /// <summary>Its index in the flow table; of no use once <see cref="EndRecordIndex"/> is set.</summary>
    public int FlowIndex;

    /// <summary>Its index in <see cref="TunnelInfoPool"/>; −1 where the flow is in no tunnel.</summary>
    public int TunnelIndex;

    /// <summary>Holds the first tier that has not scored it yet.</summary>
    public int NextTier;

    /// <summary>Holds the place in the outbox for an answer that closing brought about.</summary>
    public int CloseRecordIndex;

    /// <summary>Place in the outbox of its end; −1 while it is in the flow table.</summary>
    public int EndRecordIndex;

    /// <summary>Neighbours in order of arrival; −1 at the ends.</summary>
    public int Older;

    /// <inheritdoc cref="Older"/>
    public int Younger;

    /// <summary>
    /// Holds why it was closed: the reason of an answer that had fewer packets than its tier's depth.
    /// </summary>
    public DecisionReason CloseReason;

    /// <summary>Tells whether it stands in that tier's batch.</summary>
    public bool IsQueued;

    /// <summary>Tells whether a remote tier is to answer it, which has what it needs.</summary>
    public bool IsAway;

    /// <summary>Holds the number of the lane that answers it: that of the plan it began with.</summary>
    public byte Lane;

    /// <summary>In the first task's place: how many tasks of the flow are without an answer.</summary>
    public byte TasksLeft;
}
