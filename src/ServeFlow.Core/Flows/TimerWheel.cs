using System.Numerics;

namespace ServeFlow.Flows;

/// <summary>
/// Timers for small integer ids on a clock that the caller moves: a hierarchical timing wheel (Varghese and Lauck
/// 1987) of eight levels with 64 slots, which covers every time a <see cref="long"/> can say. Scheduling, moving and
/// cancelling take constant time; a bit per slot lets <see cref="Advance"/> leap over any stretch in which nothing is
/// due. A timer never fires early, and at most <see cref="TickNs"/> late; within a tick in the order of scheduling.
/// Allocates only when an id is higher than any before.
/// </summary>
public sealed class TimerWheel
{
    /// <summary>2^20 ns, about a millisecond.</summary>
    public const long TickNs = 1L << TickShift;

    const int TickShift = 20;
    const int LevelShift = 6;
    const int Slots = 1 << LevelShift;
    const int Levels = 8;

    /// <summary>Rings' heads come first in <see cref="next"/> and <see cref="previous"/>, then the timers.</summary>
    const int Heads = Levels * Slots;

    const int Unlinked = -1;

    readonly ulong[] occupied = new ulong[Levels];
    int[] next = new int[Heads];
    int[] previous = new int[Heads];
    long[] due = [];
    long now;

    public TimerWheel()
    {
        for (var head = 0; head < Heads; head++)
        {
            next[head] = head;
            previous[head] = head;
        }
    }

    /// <summary>Timers that are scheduled.</summary>
    public int Count { get; private set; }

    /// <summary>The latest time that was reached, rounded down to a tick.</summary>
    public long NowNs => now << TickShift;

    public long Bytes => BytesFor(due.Length);

    /// <summary>What <see cref="Bytes"/> comes to with so many ids.</summary>
    public static long BytesFor(int ids) =>
        ((long)ids * (sizeof(long) + (2 * sizeof(int)))) + (Heads * 2 * sizeof(int)) + (Levels * sizeof(ulong));

    /// <summary>Makes room for ids 0 to <paramref name="ids"/> − 1.</summary>
    public void EnsureCapacity(int ids)
    {
        var old = due.Length;
        if (ids <= old)
        {
            return;
        }

        Array.Resize(ref next, Heads + ids);
        Array.Resize(ref previous, Heads + ids);
        Array.Resize(ref due, ids);
        next.AsSpan(Heads + old).Fill(Unlinked);
    }

    public bool IsScheduled(int id) => id < due.Length && next[Heads + id] != Unlinked;

    /// <summary>When a scheduled timer is due; meaningless for one that is not.</summary>
    public long DueNs(int id) => due[id];

    /// <summary>
    /// Schedules a timer, or moves it where it is scheduled. One that is due already fires at the next tick, so that
    /// a listener which schedules again cannot hold <see cref="Advance"/> up for ever.
    /// </summary>
    public void Schedule(int id, long dueNs)
    {
        if (id >= due.Length)
        {
            EnsureCapacity(Math.Max(id + 1, due.Length * 2));
        }

        Cancel(id);
        due[id] = dueNs;
        Link(id, Math.Max(TickOf(dueNs), now + 1));
        Count++;
    }

    /// <summary>Takes a timer out; nothing happens where it is not scheduled.</summary>
    public void Cancel(int id)
    {
        if (IsScheduled(id))
        {
            Unlink(Heads + id);
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
                Fire((int)slot, ref listener);
            }
            else
            {
                Spread((level * Slots) + (int)slot);
            }
        }

        now = target;
    }

    /// <summary>
    /// The earliest slot with timers, if it begins by <paramref name="target"/>; time moves to its beginning. Timers
    /// of a level agree with <see cref="now"/> in all higher digits, so the lowest level with any holds the earliest.
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
        while (next[head] != head)
        {
            var node = next[head];
            Unlink(node);
            listener.Due(node - Heads, due[node - Heads]);
        }
    }

    /// <summary>Time has come to a slot of a higher level: its timers go to the levels below.</summary>
    void Spread(int head)
    {
        while (next[head] != head)
        {
            var node = next[head];
            Unlink(node);
            Link(node - Heads, Math.Max(TickOf(due[node - Heads]), now));
            Count++;
        }
    }

    void Link(int id, long tick)
    {
        var level = (63 - BitOperations.LeadingZeroCount((ulong)(tick ^ now) | 1)) / LevelShift;
        var slot = (int)(tick >> (level * LevelShift)) & (Slots - 1);
        var head = (level * Slots) + slot;
        var node = Heads + id;
        next[node] = head;
        previous[node] = previous[head];
        next[previous[head]] = node;
        previous[head] = node;
        occupied[level] |= 1UL << slot;
    }

    void Unlink(int node)
    {
        var (before, after) = (previous[node], next[node]);
        next[before] = after;
        previous[after] = before;
        next[node] = Unlinked;
        if (before == after)
        {
            occupied[before / Slots] &= ~(1UL << (before % Slots));
        }

        Count--;
    }

    /// <summary>The first tick at which a time has passed.</summary>
    static long TickOf(long timeNs) => (timeNs >> TickShift) + ((timeNs & (TickNs - 1)) == 0 ? 0 : 1);
}
