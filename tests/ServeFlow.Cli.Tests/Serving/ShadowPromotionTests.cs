using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A shadow is judged by the sensor's own thread, while others change models.</summary>
public sealed class ShadowPromotionTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-promotion-").FullName;

    public ShadowPromotionTests()
    {
        SmallBundle.Write(Path.Combine(folder, "iot"));
        SmallBundle.Write(Path.Combine(folder, "iot"), packets: 2);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Judge_ShadowIsBeingStopped_IsNotPromoted()
    {
        var cancel = TestContext.Current.CancellationToken;
        var (stops, said) = (false, new List<string>());
        using var isStopping = new ManualResetEventSlim();
        using var mayStop = new ManualResetEventSlim();
        var models = ServeModels.Open(folder, "iot@1");
        var plan = models.Main.Bundle.Plan;
        using var sensor = new Sensor(plan, new() { Plans = new ServedPlans(plan, models.Main.Sensor.Key) },
            [new(new CaptureSequence([]))], [], _ => { });
        models.Attach(sensor, said.Add, said.Add, _ =>
        {
            if (stops)
            {
                isStopping.Set();
                mayStop.Wait(cancel);
            }

            return [];
        });
        models.Begin(new() { Shadow = "iot@2", Promotion = new(Flows: 0, MinAgreement: 0) });
        sensor.Start();
        Assert.True(sensor.Wait(TimeSpan.FromSeconds(30)));

        stops = true;
        var stopping = new Thread(() => models.StopShadow());
        stopping.Start();
        isStopping.Wait(cancel);
        var judging = new Thread(models.Judge);
        judging.Start();
        SpinWait.SpinUntil(() => (judging.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        mayStop.Set();
        stopping.Join();
        judging.Join();

        Assert.Equal(["main"], models.InUse.Roles.Select(one => one.Role));
        Assert.Equal("1", models.Main.Bundle.Plan.Version);
        Assert.DoesNotContain(said, line => line.Contains("promoted", StringComparison.Ordinal));
    }
}
