using BenchmarkDotNet.Attributes;
using ServeFlow.Flows.Timers;

namespace ServeFlow.Benchmarks.Flows;

/// <summary>A hundred thousand timers on the wheel.</summary>
public class TimerWheelBenchmarks
{
    const int Timers = 100_000;
    const long IdleNs = 60_000_000_000;

    readonly TimerWheel wheel = new(Timers);
    readonly Random random = new(1);
    readonly long[] delays = new long[Timers];
    long nowNs;

    [GlobalSetup]
    public void Setup()
    {
        for (var id = 0; id < Timers; id++)
        {
            delays[id] = random.NextInt64(IdleNs);
        }
    }

    /// <summary>Each is scheduled, and falls due as time passes.</summary>
    [Benchmark(OperationsPerInvoke = Timers)]
    public int ScheduleAndFire()
    {
        for (var id = 0; id < Timers; id++)
        {
            wheel.Schedule(id, nowNs + delays[id]);
        }

        nowNs += 2 * IdleNs;
        var listener = default(NullListener);
        wheel.Advance(nowNs, ref listener);
        return wheel.Count;
    }

    /// <summary>Each is moved on, as a flow's packet does.</summary>
    [Benchmark(OperationsPerInvoke = Timers)]
    public int Move()
    {
        for (var id = 0; id < Timers; id++)
        {
            wheel.Schedule(id, nowNs + IdleNs + delays[id]);
        }

        return wheel.Count;
    }

    readonly struct NullListener : ITimerListener
    {
        public void Due(int id, long dueNs)
        {
        }

        public void PrefetchEarly(int id)
        {
        }

        public void PrefetchLate(int id)
        {
        }
    }
}
