using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class RealCaptureTests
{
    [Theory]
    [InlineData("protocol", 1046)]
    [InlineData("iot_device", 357)]
    public void Decode_WholeTask_AccountsForEveryPacket(string task, int captures)
    {
        var set = CaptureSet.Find(TestData.Require(task));
        var ignored = new Tally<IgnoreReason>();
        var damage = new Tally<DamageReason>();
        var burst = new PacketBurst();
        long received = 0, decoded = 0, readable = 0;
        foreach (var path in set.Captures)
        {
            using var capture = CaptureFile.Open(path.Path);
            while (capture.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    decoded += PacketDecoder.TryDecode(packet, out _, ignored) ? 1 : 0;
                }
            }

            received += capture.Packets;
            readable += capture.IsUnreadable ? 0 : 1;
            damage.Add(capture.DamageCounts);
        }

        Assert.Equal(captures, set.Captures.Count);
        Assert.Equal(captures, readable);
        Assert.Equal(0, damage.Total);
        Assert.Equal(received, decoded + ignored.Total);
        Assert.InRange(decoded, received * 95 / 100, received);
    }
}
