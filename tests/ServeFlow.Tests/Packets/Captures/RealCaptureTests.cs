using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class RealCaptureTests
{
    [Theory]
    [InlineData("protocol", 1046)]
    [InlineData("iot_device", 357)]
    public void Decode_WholeTask_AccountsForEveryPacket(string task, int captures)
    {
        var set = CaptureSet.Find(TestData.Require(task), stop: TestContext.Current.CancellationToken);
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

    /// <summary>
    /// The labels were made by another program: that every labelled tuple is seen checks links and tunnels.
    /// </summary>
    [Theory]
    [InlineData("protocol", 2812)]
    [InlineData("iot_device", 10382)]
    public void Decode_LabelledFlows_AreAllSeen(string task, int rows)
    {
        var root = TestData.Require(task);
        var wanted = File.ReadLines(Path.Combine(root, "labels.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        var missing = wanted.GroupBy(row => row[0]).SelectMany(capture =>
        {
            var seen = Tuples(Path.Combine(root, capture.Key));
            return capture.Where(row => !seen.Contains(Tuple(Text(row[1]), row[2], Text(row[3]), row[4], row[5])));
        });

        Assert.Equal(rows, wanted.Count);
        Assert.Empty(missing.Select(row => string.Join(',', row)));
    }

    static HashSet<string> Tuples(string path)
    {
        var tuples = new HashSet<string>();
        var ignored = new Tally<IgnoreReason>();
        var burst = new PacketBurst();
        using var capture = CaptureFile.Open(path);
        while (capture.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                if (PacketDecoder.TryDecode(packet, out var headers, ignored))
                {
                    tuples.Add(Tuple(headers));
                }
            }
        }

        return tuples;
    }

    static string Tuple(in PacketHeaders headers)
    {
        var name = headers.Protocol switch
        {
            1 => "icmp",
            2 => "igmp",
            6 => "tcp",
            17 => "udp",
            58 => "icmp6",
            _ => "",
        };
        var hasPorts = headers.Protocol is 6 or 17;
        return Tuple(headers.Source.ToString(), hasPorts ? $"{headers.SourcePort}" : "0",
            headers.Destination.ToString(), hasPorts ? $"{headers.DestinationPort}" : "0", name);
    }

    /// <summary>The address as this project writes it: IPv4-mapped ones of IPv6 without their prefix.</summary>
    static string Text(string address) => IpAddress.TryParse(address, out var parsed) ? parsed.ToString() : address;

    /// <summary>The same text for both directions.</summary>
    static string Tuple(string source, string sourcePort, string destination, string destinationPort, string protocol)
    {
        string a = $"{source} {sourcePort}", b = $"{destination} {destinationPort}";
        return string.CompareOrdinal(a, b) < 0 ? $"{a} {b} {protocol}" : $"{b} {a} {protocol}";
    }
}
