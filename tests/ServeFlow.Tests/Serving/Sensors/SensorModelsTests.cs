using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>The models of a sensor change from other threads while its workers take packets.</summary>
public sealed class SensorModelsTests
{
    const int Rounds = 400;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly CascadePlan Plan = TinyCascade.Plan(1, 3);

    [Fact]
    public void Use_ManyChangesUnderLoad_GiveTheRecordsOfARunWithoutAny()
    {
        var (alone, _, _) = Run((_, source) => source.Allow(int.MaxValue));
        var asked = 0;
        var (log, sensor, changes) = Run((running, source) =>
        {
            var models = new[] { "a", "b", "c" }.Select(key => new SensorModel(Plan with { Version = key }, key))
                .ToList();
            for (var i = 0; !running.Wait(TimeSpan.Zero); i++)
            {
                source.Allow(asked = i);
                running.Use(new(models[i % 3], models[(i + 1) % 3], 0.3, i % 5 == 0 ? models[(i + 2) % 3] : null),
                    Patience);
            }
        });

        Assert.Equal(alone.Records.Select(RecordLog.Facts), log.Records.Select(RecordLog.Facts));
        Assert.True(changes.Balances);
        Assert.Equal(0, changes.Undecided);
        Assert.Equal(log.Predictions.Count, changes.AnswersByModel.ToArray().Sum());
        Assert.Equal(4, sensor.Plans.Count);
        Assert.InRange(asked, 200, int.MaxValue);
        Assert.InRange(log.Records.Select(record => record.Model).Distinct().Count(), 3, 4);
        Assert.InRange(sensor.LongestChange, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Use_ModelThatDoesNotFit_IsRefusedAndChangesNothing()
    {
        using var source = new RepeatedSource(1);
        using var sensor = new Sensor(Plan, new(), [new(source)], [], _ => { });

        var windows = TinyCascade.Windows(TimeSpan.FromSeconds(1), 1);
        Assert.Contains("classifies windows of 1 s, and this sensor whole flows", Assert.Throws<InputException>(() =>
            sensor.Use(new(new(windows, "w")), Patience)).Message);
        Assert.Throws<InputException>(() =>
            sensor.Use(new(new(Plan, ""), Shadow: new(windows, "w")), Patience));
        Assert.Equal(1, sensor.Plans.Count);
        Assert.Null(sensor.SumComparisons());
    }

    [Fact]
    public void Check_Models_RefusesWhatUseWouldAndAddsNothing()
    {
        using var source = new RepeatedSource(1);
        using var sensor = new Sensor(Plan, new(), [new(source)], [], _ => { });
        sensor.Check(new(Plan with { Version = "a" }, "a"));
        Assert.Equal(1, sensor.Plans.Count);

        var windows = new SensorModel(TinyCascade.Windows(TimeSpan.FromSeconds(1), 1), "w");
        var many = new SensorModel(Plan with
        {
            Tiers =
            [
                .. Enumerable.Range(0, ServedPlans.MaxTiers).Select(i => Plan.Tiers[0] with { Name = $"other{i}" }),
            ],
        }, "many");
        Assert.Equal(Assert.Throws<InputException>(() => sensor.Use(new(windows), Patience)).Message,
            Assert.Throws<InputException>(() => sensor.Check(windows)).Message);
        Assert.Throws<InputException>(() => sensor.Check(many));
        Assert.Equal(1, sensor.Plans.Count);
    }

    [Fact]
    public void Use_ModelsThatCome_DoNotKeepTheirMemory()
    {
        using var source = new RepeatedSource(int.MaxValue);
        source.Allow(int.MaxValue);
        using var sensor = new Sensor(Plan, new(), [new(source)], [], _ => { });
        sensor.Start();
        var old = Change(sensor, "first");
        Change(sensor, "second");
        Change(sensor, "third");
        Change(sensor, "fourth");

        Assert.True(SpinWait.SpinUntil(() =>
        {
            GC.Collect();
            return !old.IsAlive;
        }, Patience));
        sensor.Complete(TimeSpan.Zero);
    }

    /// <summary>In a frame of its own, so that nothing here holds the plan.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    static WeakReference Change(Sensor sensor, string version)
    {
        var plan = TinyCascade.Plan(1, 3) with { Version = version };
        Assert.True(sensor.Use(new(new(plan, version)), Patience));
        return new(plan.Tiers[0].Compiled);
    }

    static (RecordLog Log, Sensor Sensor, ServeFlow.Serving.Workers.Account Account) Run(
        Action<Sensor, RepeatedSource> change)
    {
        var log = new RecordLog();
        using var source = new RepeatedSource(Rounds);
        using var sensor = new Sensor(Plan, new(), [new(source)], [new("log", log) { Lossless = true }], _ => { });
        sensor.Start();
        change(sensor, source);
        Assert.True(sensor.Wait(Patience));
        return (log, sensor, sensor.Complete(Patience));
    }

    /// <summary>
    /// The same flows again and again, each time an hour later, so that all have ended; only so many bursts for each
    /// change.
    /// </summary>
    sealed class RepeatedSource : IPacketSource
    {
        readonly MemorySource packets = new(burstSize: 16);
        int left;
        int polls;
        int allowed;

        public RepeatedSource(int rounds)
        {
            left = rounds;
            for (var i = 0; i < 200; i++)
            {
                packets.Udp(i * 9, 1000 + (i * 7 % 61), (i * 13 % 4) + 4, forward: i % 3 > 0);
            }
        }

        public void Allow(int changes) => Volatile.Write(ref allowed, changes);

        public bool Poll(PacketBurst burst)
        {
            polls++;
            SpinWait.SpinUntil(() => Volatile.Read(ref allowed) >= polls / 5, 2); // a change may need this burst
            if (packets.Poll(burst))
            {
                return true;
            }

            packets.Repeat(3_600_000);
            return --left > 0 && packets.Poll(burst);
        }

        public void Dispose() => packets.Dispose();
    }
}
