using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Sources;
using ServeFlow.Tests.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>A whole sensor on a real link: what was sent across it, named as from a file.</summary>
public sealed class SensorOnLinkTests
{
    const int Flows = 400;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Run_TrafficAcrossALink_GivesTheFlowsAndAnswersOfTheFile(int workers, bool lowLatency)
    {
        byte[][] frames = [.. Enumerable.Range(0, 3).SelectMany(packet => Enumerable.Range(0, Flows), Packet)];
        var (fromFile, alone) = RecordLog.Run(TinyCascade.Plan(1, 3), File(frames));
        using var pair = VethPair.Create();
        var sources = pair.Open(new() { Interfaces = [VethPair.Far], Workers = workers, LowLatency = lowLatency });
        var log = new RecordLog();
        using var sensor = new Sensor(TinyCascade.Plan(1, 3),
            new() { PacketLimit = frames.Length, LowLatency = lowLatency },
            [.. sources.Select(SensorSource.FromInterface)], [new("log", log)], _ => { });
        using var sender = pair.OpenSender();

        sensor.Start();
        sender.Send(frames);
        Assert.True(sensor.Wait(Grace));
        var account = sensor.Complete(Grace);

        Assert.Equal(Summary(fromFile), Summary(log));
        Assert.Equal((alone.Received, alone.Created), (account.Received, account.Created));
        Assert.Equal(alone.DecisionsByTier.ToArray(), account.DecisionsByTier.ToArray());
        Assert.True(account.Balances);
        Assert.Equal(0, sources.Sum(source => source.ReadCounters(0).DroppedByKernel));
    }

    /// <summary>What a record says but the time: the link has its own.</summary>
    static List<string> Summary(RecordLog log) =>
    [
        .. log.Records.Select(r => $"{r.Kind} {r.Flow.Source} {r.Flow.SourcePort} {r.Classification.LabelId} "
            + $"{r.Classification.Tier} {r.Classification.PacketsUsed} "
            + $"{r.Flow.PacketsForward} {r.Flow.PacketsBackward}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Some flows are sure at once, some wait for the third packet, every other packet comes back.</summary>
    static byte[] Packet(int packet, int flow)
    {
        int[] payloads = [TinyCascade.SureOdd, TinyCascade.UnsureEven, TinyCascade.SureEven, TinyCascade.UnsureOdd];
        var payload = new byte[payloads[(flow + packet) % payloads.Length]];
        var client = $"10.0.{flow / 100}.{1 + (flow % 100)}";
        return packet == 1
            ? Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.9.0.1", client, 17, Frame.Udp(53, 2000 + flow, payload)))
            : Frame.Ethernet(Frame.Ip4, Frame.Ipv4(client, "10.9.0.1", 17, Frame.Udp(2000 + flow, 53, payload)));
    }

    static MemorySource File(byte[][] frames)
    {
        var source = new MemorySource();
        foreach (var (i, frame) in frames.Index())
        {
            source.Add(i * 0.001, frame);
        }

        return source;
    }
}
