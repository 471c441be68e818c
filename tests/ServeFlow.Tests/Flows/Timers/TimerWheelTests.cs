using CsCheck;
using ServeFlow.Flows.Timers;
using Xunit;

namespace ServeFlow.Tests.Flows.Timers;

public sealed class TimerWheelTests
{
    /// <summary>Spans every level: from nanoseconds to years.</summary>
    static readonly Gen<long> spans = Gen.Select(Gen.Int[0, 58], Gen.Long[0, long.MaxValue], (bits, value) =>
        value & ((1L << bits) - 1));

    static readonly Gen<(int Kind, int Id, long Span)> steps = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], spans);

    [Fact]
    public void Advance_RandomSchedule_FiresWhatASortedListSays() =>
        steps.Array[1, 120].Sample(Compare, iter: 1000);

    /// <summary>
    /// Reference: every timer's due time in a dictionary; due are those whose tick has come, by tick.
    /// </summary>
    static void Compare((int Kind, int Id, long Span)[] script)
    {
        var wheel = new TimerWheel(1000);
        var reference = new Dictionary<int, (long Tick, long Due)>();
        var now = 0L;
        foreach (var (kind, id, span) in script)
        {
            switch (kind)
            {
                case 0:
                    wheel.Cancel(id);
                    reference.Remove(id);
                    break;
                case 1 when now + span > 0:
                    now += span;
                    Assert.Equal(Expire(reference, now), Fired(wheel, now));
                    break;
                default:
                    var due = now - 1000 + (span / 2);
                    wheel.Schedule(id, due);
                    reference[id] = (Math.Max(Ceiling(due), (now / TimerWheel.TickNs) + 1), due);
                    break;
            }

            Assert.Equal(reference.Count, wheel.Count);
        }

        Assert.All(reference, timer => Assert.Equal(timer.Value.Due, wheel.DueNs(timer.Key)));
    }

    static long Ceiling(long ns) => (ns / TimerWheel.TickNs) + (ns % TimerWheel.TickNs > 0 ? 1 : 0);

    static List<(long Tick, int Id)> Expire(Dictionary<int, (long Tick, long Due)> reference, long now)
    {
        var due = reference.Where(timer => timer.Value.Tick <= now / TimerWheel.TickNs)
            .Select(timer => (timer.Value.Tick, timer.Key)).Order().ToList();
        due.ForEach(timer => reference.Remove(timer.Key));
        return due;
    }

    static List<(long Tick, int Id)> Fired(TimerWheel wheel, long now)
    {
        var log = new Log([], wheel);
        wheel.Advance(now, ref log);
        Assert.Equal(log.Fired.Select(timer => timer.Tick).Order(), log.Fired.Select(timer => timer.Tick));
        return [.. log.Fired.Order()];
    }

    /// <summary>The tick that the wheel had reached when it fired.</summary>
    readonly record struct Log(List<(long Tick, int Id)> Fired, TimerWheel Wheel) : ITimerListener
    {
        public void PrefetchEarly(int id)
        {
        }

        public void PrefetchLate(int id)
        {
        }

        public void Due(int id, long dueNs)
        {
            Assert.False(Wheel.IsScheduled(id));
            Fired.Add((Wheel.NowNs / TimerWheel.TickNs, id));
        }
    }

    [Fact]
    public void Advance_ListenerThatSchedulesAgainAndCancels_IsObeyed()
    {
        var wheel = new TimerWheel(1000);
        wheel.Schedule(1, 5 * TimerWheel.TickNs);
        wheel.Schedule(2, 5 * TimerWheel.TickNs);
        var chain = new Chain(wheel, []);
        wheel.Advance(8 * TimerWheel.TickNs, ref chain);

        Assert.Equal([1, 1, 1, 1], chain.Fired);
        Assert.Equal(1, wheel.Count);
    }

    /// <summary>Cancels timer 2 and schedules its own again, in the past.</summary>
    readonly record struct Chain(TimerWheel Wheel, List<int> Fired) : ITimerListener
    {
        public void PrefetchEarly(int id)
        {
        }

        public void PrefetchLate(int id)
        {
        }

        public void Due(int id, long dueNs)
        {
            Fired.Add(id);
            Wheel.Cancel(2);
            Wheel.Schedule(id, 0);
        }
    }

    [Fact]
    public void Schedule_Warm_AllocatesNothing()
    {
        var wheel = new TimerWheel(1000);
        var none = default(NullListener);
        Run(wheel, ref none, 0);

        Assert.Equal(0, AllocatedBytes.Min(number => Run(wheel, ref none, number * (1L << 40))));
    }

    static void Run(TimerWheel wheel, ref NullListener nobody, long from)
    {
        for (var id = 0; id < 1000; id++)
        {
            wheel.Schedule(id, from + (id * 10_000_000L));
        }

        wheel.Advance(from + (1L << 36), ref nobody);
    }

    readonly struct NullListener : ITimerListener
    {
        public void PrefetchEarly(int id)
        {
        }

        public void PrefetchLate(int id)
        {
        }

        public void Due(int id, long dueNs)
        {
        }
    }
}
