using System.Text.Json;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;
using ServeFlow.Tests.Sinks.Delivery;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>
/// Records of a sensor on their way to receivers that are slow, killed, or not there. Each record arrives, and its id
/// tells where it arrives twice.
/// </summary>
public sealed class DeliveryTests : IDisposable
{
    const int Flows = 4000;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-delivery-").FullName;
    readonly List<string> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Kinds => ["tcp", "unix"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Receiver_IsThere_GetsEveryRecordOnce(string kind)
    {
        using var receiver = Listen(kind);
        using var sensor = Run(receiver.Address);
        var account = sensor.Complete(Grace);

        Assert.Equal(Flows, account.Received);
        var ids = receiver.Lines.Select(Id).ToList();
        Assert.Equal(2 * Flows, ids.Count);
        Assert.Equal(Enumerable.Range(1, 2 * Flows), ids.Select(id => int.Parse(id[17..])));
        Assert.Single(ids.Select(id => id[..16]).Distinct());
        AssertBalance(sensor, 2 * Flows, waiting: 0);
        Assert.Empty(said);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Receiver_IsKilledWithUnreadBytes_GetsThemAgain(string kind)
    {
        var receiver = Listen(kind);
        receiver.IsStuck = true;
        using var sensor = Run(receiver.Address);
        Assert.True(SpinWait.SpinUntil(() => Delivery(sensor).Spool.Unconfirmed > 0, Grace));
        Thread.Sleep(200);
        receiver.Drop();
        receiver.IsStuck = false;
        Assert.True(receiver.Wait(2 * Flows));

        sensor.Complete(Grace);
        receiver.Dispose();

        Assert.Equal(2, receiver.Connections);
        Assert.Equal(2 * Flows, receiver.Lines.Select(Id).Distinct().Count());
        AssertBalance(sensor, 2 * Flows, waiting: 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Receiver_ComesLater_GetsEveryRecord(string kind)
    {
        var address = Listen(kind);
        address.Dispose();
        using var sensor = Run(address.Address);
        Assert.True(SpinWait.SpinUntil(() => Delivery(sensor).IsFailing, Grace));
        Assert.Equal(2 * Flows, SpinWait.SpinUntil(() => Statistics(sensor).Written == 2 * Flows, Grace)
            ? Statistics(sensor).Written : 0);

        using var receiver = kind == "tcp" ? LineReceiver.OnTcp(int.Parse(address.Address.Split(':')[2]))
            : Listen(kind);
        Assert.True(receiver.Wait(2 * Flows));
        sensor.Complete(Grace);

        AssertBalance(sensor, 2 * Flows, waiting: 0);
        Assert.Equal(2, said.Count);
        Assert.Contains("records wait in", said[0], StringComparison.Ordinal);
        Assert.Contains("written again", said[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Receiver_ClosesEachConnectionAtOnce_IsTriedLessAndLessOften(string kind)
    {
        using var receiver = Listen(kind);
        receiver.IsClosing = true;
        using var sensor = Run(receiver.Address);
        Assert.True(SpinWait.SpinUntil(() => receiver.Connections >= 2, Grace));
        Thread.Sleep(2000);

        Assert.InRange(receiver.Connections, 2, 9);
        Assert.Contains("trying again", Assert.Single(said), StringComparison.Ordinal);
        receiver.IsClosing = false;
        Assert.True(receiver.Wait(2 * Flows));
        sensor.Complete(Grace);
        AssertBalance(sensor, 2 * Flows, waiting: 0);
        Assert.Contains("written again", said[1], StringComparison.Ordinal);
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public void Receiver_NeverComes_RecordsAreForTheNextRun()
    {
        var receiver = Listen("unix");
        receiver.Dispose();
        using (var sensor = Run(receiver.Address))
        {
            sensor.Complete(Grace);
            AssertBalance(sensor, 2 * Flows, waiting: 2 * Flows);
        }

        Assert.Contains("the next run with this output delivers them", said[^1], StringComparison.Ordinal);
        using var there = Listen("unix");
        using var next = Run(there.Address);
        next.Complete(Grace);

        var statistics = Delivery(next).Spool;
        Assert.Equal((2 * Flows, 2 * Flows, 4 * Flows, 0), (statistics.Found, statistics.Spooled,
            statistics.Delivered, statistics.Waiting));
        Assert.Equal(4 * Flows, there.Lines.Select(Id).Distinct().Count());
    }

    [Fact]
    public void Receiver_TakesNothing_SensorEndsInTimeAndPacketsAreAllTaken()
    {
        using var receiver = Listen("unix");
        receiver.IsStuck = true;
        using var sensor = Run(receiver.Address);

        var account = sensor.Complete(TimeSpan.FromSeconds(1));

        Assert.Equal(Flows, account.Received);
        var sink = Statistics(sensor);
        Assert.Equal((2 * Flows, 0, 0), (sink.Written, sink.Lost, sink.Failed));
        Assert.True(sink.Delivery!.Spool.Waiting > 0);
    }

    static string Id(string line) => JsonDocument.Parse(line).RootElement.GetProperty("record_id").GetString()!;

    static SinkStatistics Statistics(Sensor sensor) => Assert.Single(sensor.Statistics.Sinks);

    static DeliveryStatistics Delivery(Sensor sensor) => Statistics(sensor).Delivery!;

    static void AssertBalance(Sensor sensor, long spooled, long waiting)
    {
        var sink = Statistics(sensor);
        var spool = sink.Delivery!.Spool;
        Assert.Equal((spooled, 0, 0, 0), (sink.Written, sink.Lost, sink.Failed, sink.Waiting));
        Assert.Equal((spooled, spooled - waiting, waiting), (spool.Spooled, spool.Delivered, spool.Waiting));
    }

    LineReceiver Listen(string kind) =>
        kind == "tcp" ? LineReceiver.OnTcp() : LineReceiver.OnUnix(Path.Combine(folder, "socket"));

    /// <summary>All packets have been taken when this returns.</summary>
    Sensor Run(string address)
    {
        var source = new MemorySource(64);
        for (var i = 0; i < Flows; i++)
        {
            source.Udp(i * 0.01, 1 + i, TinyCascade.SureOdd);
        }

        var spool = new Spool(new(Path.Combine(folder, "spool")), said.Add);
        var sink = new SensorSink("socket", new SpoolSink(spool, TinyCascade.Plan(1), new SinkOptions()))
        {
            Delivery = new(spool, DeliveryFormat.CreateDestination(DeliveryFormat.Socket, address)),
        };
        var sensor = new Sensor(TinyCascade.Plan(1), new() { StopTimeout = Grace }, [new(source)], [sink], said.Add);
        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        return sensor;
    }
}
