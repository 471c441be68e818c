using System.Diagnostics;
using System.Numerics;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Flows.Timers;

/// <summary>
/// Holds timers for small integer ids on a clock that the caller moves: a hierarchical timing wheel (Varghese and Lauck
/// 1987) of eight levels with 64 slots, which covers every time a <see cref="long"/> can say. Scheduling, moving and
/// cancelling take constant time; a bit per slot lets <see cref="Advance"/> leap over any stretch in which nothing is
/// due. A timer never fires early, and at most <see cref="TickNs"/> late; within a tick in the order of scheduling.
/// </summary>
sealed unsafe class TimerWheel
{
    /// <summary>2^20 ns, about a millisecond.</summary>
    public const long TickNs = 1L << TickShift;

    const int TickShift = 20;
    const int LevelShift = 6;
    const int Slots = 1 << LevelShift;
    const int Levels = 8;

    /// <summary>Rings' heads are the nodes from 1 on; then come the timers. Node 0 stands for none.</summary>
    const int FirstHead = 1;

    const int FirstTimer = FirstHead + (Levels * Slots);
    const int Unlinked = 0;

    /// <summary>Specifies how many timers of a ring are announced ahead of the one that fires.</summary>
    public const int Lookahead = 16;

    readonly ulong[] occupied = new ulong[Levels];
    readonly NativeBlock<Node> block;
    readonly Node* nodes;
    long now;

    /// <param name="capacity">Ids are below it; it costs address space alone.</param>
    public TimerWheel(int capacity)
    {
        block = NativeBlock<Node>.CreateBacked((long)FirstTimer + capacity);
        nodes = block.Start;
        for (var head = FirstHead; head < FirstTimer; head++)
        {
            nodes[head] = new() { Next = head, Previous = head };
        }
    }

    /// <summary>Gets how many timers are scheduled.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the latest time that was reached, rounded down to a tick.</summary>
    public long NowNs => now << TickShift;

    /// <summary>Returns the bytes of the timers with ids below <paramref name="ids"/>.</summary>
    public static long BytesFor(int ids) => ((long)FirstTimer + ids) * sizeof(Node);

    /// <summary>Once no timer is scheduled: time begins anew.</summary>
    public void Reset()
    {
        Debug.Assert(Count == 0, "nothing is scheduled");
        now = 0;
    }

    /// <summary>Asks for a timer's memory.</summary>
    public void Prefetch(int id) => CacheLine.Prefetch(nodes + FirstTimer + id);

    /// <summary>Says that a timer is about to be used for the first time, and those behind it soon. A hint.</summary>
    public void Prefault(int id) => block.Prefault((long)FirstTimer + id);

    public bool IsScheduled(int id) => nodes[FirstTimer + id].Next != Unlinked;

    /// <summary>Gets the time at which a scheduled timer is due; meaningless for one that is not scheduled.</summary>
    public long DueNs(int id) => nodes[FirstTimer + id].DueNs;

    /// <summary>
    /// Schedules a timer, or moves it where it is scheduled. One that is due already fires at the next tick, so that
    /// a listener which schedules again cannot hold <see cref="Advance"/> up for ever.
    /// </summary>
    public void Schedule(int id, long dueNs)
    {
        Debug.Assert((uint)id < block.Length - FirstTimer, "ids are below the capacity");
        Cancel(id);
        nodes[FirstTimer + id].DueNs = dueNs;
        Link(FirstTimer + id, Math.Max(TickOf(dueNs), now + 1));
    }

    /// <summary>Takes a timer out; nothing happens where it is not scheduled.</summary>
    public void Cancel(int id)
    {
        if (IsScheduled(id))
        {
            Unlink(FirstTimer + id);
        }
    }

    /// <summary>
    /// Moves time forward, never back, and fires what has come due, in order of ticks. The listener may schedule and
    /// cancel any timer meanwhile. Work is proportional to what fires, wherever <paramref name="toNs"/> leads.
    /// </summary>
    public void Advance<TListener>(long toNs, ref TListener listener) where TListener : struct, ITimerListener
    {
        var target = toNs >> TickShift;
        if (target <= now)
        {
            return;
        }

        while (Count > 0 && TryFindSlot(target, out var level, out var slot))
        {
            if (level == 0)
            {
                Fire(FirstHead + (int)slot, ref listener);
            }
            else
            {
                Redistribute(FirstHead + (level * Slots) + (int)slot);
            }
        }

        now = target;
    }

    /// <summary>
    /// Finds the earliest slot with timers, if it begins by <paramref name="target"/>; time moves to its beginning.
    /// Timers of a level agree with <see cref="now"/> in all higher digits, so the lowest level with any holds the
    /// earliest.
    /// </summary>
    bool TryFindSlot(long target, out int level, out long slot)
    {
        level = 0;
        while (occupied[level] == 0)
        {
            level++;
        }

        slot = BitOperations.TrailingZeroCount(occupied[level]);
        var shift = level * LevelShift;
        var begin = (now >> (shift + LevelShift) << (shift + LevelShift)) | (slot << shift);
        if (begin > target)
        {
            return false;
        }

        now = Math.Max(now, begin);
        return true;
    }

    void Fire<TListener>(int head, ref TListener listener) where TListener : struct, ITimerListener
    {
        var (near, distant) = (nodes[head].Next, nodes[head].Next);
        for (var i = 0; i < Lookahead; i++)
        {
            distant = PrefetchEarly(distant, ref listener);
        }

        for (var i = 0; i < Lookahead / 2; i++)
        {
            near = PrefetchLate(near, ref listener);
        }

        while (nodes[head].Next != head)
        {
            var node = nodes[head].Next;
            distant = PrefetchEarly(distant, ref listener);
            near = PrefetchLate(near, ref listener);
            Unlink(node);
            listener.Due(node - FirstTimer, nodes[node].DueNs);
        }
    }

    /// <summary>
    /// Announces a timer of a ring; returns the one behind it, which may have left the ring meanwhile.
    /// </summary>
    int PrefetchEarly<TListener>(int node, ref TListener listener) where TListener : struct, ITimerListener
    {
        if (node < FirstTimer)
        {
            return node;
        }

        listener.PrefetchEarly(node - FirstTimer);
        return nodes[node].Next;
    }

    /// <inheritdoc cref="PrefetchEarly"/>
    int PrefetchLate<TListener>(int node, ref TListener listener) where TListener : struct, ITimerListener
    {
        if (node < FirstTimer)
        {
            return node;
        }

        listener.PrefetchLate(node - FirstTimer);
        return nodes[node].Next;
    }

    /// <summary>Time has come to a slot of a higher level: its timers go to the levels below.</summary>
    void Redistribute(int head)
    {
        while (nodes[head].Next != head)
        {
            var node = nodes[head].Next;
            Unlink(node);
            Link(node, Math.Max(TickOf(nodes[node].DueNs), now));
        }
    }

    void Link(int node, long tick)
    {
        var level = (63 - BitOperations.LeadingZeroCount((ulong)(tick ^ now) | 1)) / LevelShift;
        var slot = (int)(tick >> (level * LevelShift)) & (Slots - 1);
        var head = FirstHead + (level * Slots) + slot;
        var last = nodes[head].Previous;
        nodes[node].Next = head;
        nodes[node].Previous = last;
        nodes[last].Next = node;
        nodes[head].Previous = node;
        occupied[level] |= 1UL << slot;
        Count++;
    }

    void Unlink(int node)
    {
        var (before, after) = (nodes[node].Previous, nodes[node].Next);
        nodes[before].Next = after;
        nodes[after].Previous = before;
        nodes[node].Next = Unlinked;
        if (before == after)
        {
            var ring = before - FirstHead;
            occupied[ring / Slots] &= ~(1UL << (ring % Slots));
        }

        Count--;
    }

    /// <summary>Returns the first tick at which a time has passed.</summary>
    static long TickOf(long timeNs) => (timeNs >> TickShift) + ((timeNs & (TickNs - 1)) == 0 ? 0 : 1);

    /// <summary>Represents a timer, or a ring's head. 16 bytes.</summary>
    struct Node
    {
        public int Next;
        public int Previous;
        public long DueNs;
    }
}
