using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Packets.Clocks;
using Xunit;

namespace ServeFlow.Tests.Packets.Clocks;

/// <summary>Times in seconds; what comes out as <c>|</c> is the beginning of an epoch.</summary>
public sealed class SteadySourceTests
{
    const long Second = 1_000_000_000;
    const long Year = 365 * 86_400;
    const long Start = 50 * Year;

    public static TheoryData<string, long[], string> Cases { get; } = new()
    {
        { "ordinary", [0, 1, 1, 2, 3], "0 1 1 2 3" },
        { "ahead", [0, 1, 10 * Year, 2, 3], "0 1 1* 2 3" },
        { "a little ahead", [0, 1, 8, 2, 3], "0 1 1* 2 3" },
        { "behind", [0, 1, -10 * Year, 2, 3], "0 1 1* 2 3" },
        { "zero", [0, 1, -Start, 2, 3], "0 1 1* 2 3" },
        { "the year 2262", [0, 1, (long.MaxValue / Second) - Start, 2, 3], "0 1 1* 2 3" },
        { "ahead, the first", [10 * Year, 0, 1, 2], "0* 0 1 2" },
        { "behind, the first", [-Year, 0, 1, 2], "0* 0 1 2" },
        { "ahead by an hour, the first", [3600, 0, 1, 2], "0* 0 1 2" },
        { "a packet before a long silence", [-3600, 0, 1, 2], "-3600 | 0 1 2" },
        { "a packet 53 days before", [-53 * 86_400, 0, 1, 2], $"{-53 * 86_400} | 0 1 2" },
        { "a packet just less than a year before", [1 - Year, 0, 1], $"{1 - Year} | 0 1" },
        { "a packet before a long silence, then an outlier", [-7200, 9 * Year, 0, 1], "-7200 -7200* | 0 1" },
        { "a packet before a long silence, then a quiet link", [-7200, 0, 50, 900], "-7200 | 0 50 900" },
        { "a quiet link years before", [-Year, 9 - Year, 20 - Year, 0, 1], $"{-Year} {9 - Year} {20 - Year} | 0 1" },
        { "a minute ahead, the first", [60, 0, 1, 2], "0* 0 1 2" },
        { "ahead, the second", [0, 10 * Year, 19, 20], "0 0* 19 20" },
        { "behind, the second", [20, 5, 21, 22], "20 20* 21 22" },
        { "behind by half an hour, the second", [1800, 0, 1801, 1802], "1800 1800* 1801 1802" },
        { "behind by days, the second", [200_000, 0, 200_001, 200_002], "200000 200000* 200001 200002" },
        { "ahead by half an hour, the first, on a quiet link", [1800, 0, 60, 70], "0* 0 60 70" },
        { "ahead, the last", [0, 1, 2, 10 * Year], "0 1 2 2*" },
        { "behind, the last", [0, 1, 2, -3600], "0 1 2 2*" },
        { "several that disagree", [0, 5 * Year, -7200, 3 * Year, 9999, 1, 2], "0 0* 0* 0* 0* 1 2" },
        { "several at the beginning", [5 * Year, -7200, 3 * Year, 0, 1], "0* 0* 0* 0 1" },
        { "several that agree, and the clock returns", [0, 0, 3600, 3601, 3602, 1], "0 0 0* 0* 0* 1" },
        { "reordered", [0, 1, 0, 2, 1, 3], "0 1 0 2 1 3" },
        { "silence", [0, 900, 901, 2700, 2701], "0 900 901 2700 2701" },
        { "silence before the last", [0, 1, 1800], "0 1 1800" },
        { "a step ahead", [0, 1, 3601, 3602, 3603], "0 1 | 3601 3602 3603" },
        { "a step behind", [0, 1, -3600, -3599, -3598], "0 1 | -3600 -3599 -3598" },
        { "a step behind, two packets", [0, 1, -60, -59], "0 1 | -60 -59" },
        { "a step behind on a quiet link", [0, 8, -52, -35, -15, 4, 15, 30], "0 8 | -52 -35 -15 4 15 30" },
        { "a step ahead with an outlier in it", [0, 1, 3601, -Year, 3602], "0 1 | 3601 3601* 3602" },
        { "there and back", [0, 1, -3600, -3599, -3598, -7200, -7199], "0 1 | -3600 -3599 -3598 | -7200 -7199" },
        { "an outlier before a step", [0, 1, 9 * Year, -3600, -3599, -3598], "0 1 1* | -3600 -3599 -3598" },
        { "an outlier in a step", [0, 1, -3600, 9 * Year, -3599, -3598], "0 1 | -3600 -3600* -3599 -3598" },
        { "an hour apart each", [0, 3600, 7200, 10_800], "0 | 3600 | 7200 | 10800" },
        { "one alone", [7], "7" },
        { "two that disagree", [0, 9 * Year], "0 0*" },
        { "alternating clocks", [0, 7200, 1, 7201, 2, 7202, 3, 7203], "0 0* 1 1* 2 2* 3 3*" },
        { "alternating clocks, the earlier second", [0, -7200, 1, -7199, 2, -7198, 3], "0 0* 1 1* 2 2* 3" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Poll_Times_AreMended(string name, long[] seconds, string expected)
    {
        foreach (var burstSize in (int[])[1, 2, 3, 1024])
        {
            Assert.Equal((name, expected), (name, Text(seconds, burstSize)));
            Assert.Equal((name, expected), (name, Text(seconds, burstSize, isEmpty: true)));
        }
    }

    [Fact]
    public void Poll_RandomlyAlternatingClocks_IsOneTimeLine()
    {
        var random = new Random(1);
        var times = Enumerable.Range(0, 20_000).Select(i => (i / 100) + (random.Next(2) * 7200L)).ToArray();

        Assert.DoesNotContain("|", Text(times, 256)[10..], StringComparison.Ordinal);
    }

    [Fact]
    public void Poll_QuietSource_WaitsForThePacketsBehindAndSaysSo()
    {
        var times = ((long[])[0, 1, 10 * Year, 2]).Select(second => (Start + second) * Second).ToArray();
        using var source = new SteadySource(new VolatileSource(times, 1, pauses: true));
        var (burst, seen) = (new PacketBurst(), 0);
        while (source.Poll(burst))
        {
            Assert.False(source.HasBacklog && burst.Count == 0);
            seen += burst.Count;
        }

        Assert.Equal(4, seen);
    }

    [Fact]
    public void Poll_AnyTimes_HandsEveryPacketOverOnceWithItsBytes() =>
        Gen.Select(Gen.OneOf(Gen.Long[0, 20], Gen.Long[0, 20_000], Gen.Long[0, 9_000_000_000]).Array[0, 150],
            Gen.Int[1, 40]).Sample((seconds, burstSize) =>
        {
            var times = seconds.Select(second => second * Second).ToArray();
            using var source = new SteadySource(new VolatileSource(times, burstSize));
            var (burst, number, outliers, nowNs) = (new PacketBurst(), 0, 0, -1L);
            while (source.Poll(burst))
            {
                Assert.True(burst.Count > 0);
                nowNs = burst.BeginsEpoch ? -1 : nowNs;
                outliers += burst.Outliers;
                foreach (ref readonly var packet in burst.Packets)
                {
                    Assert.Equal(number, BitConverter.ToInt32(packet.Bytes));
                    Assert.Equal(++number, packet.Number);
                    outliers -= packet.TimestampNs == times[number - 1] ? 0 : 1;
                    Assert.True(nowNs < 0 || packet.TimestampNs - nowNs is >= -PacketClock.MaxBehindNs
                        and < PacketClock.MinStepNs);
                    nowNs = packet.TimestampNs;
                }
            }

            Assert.Equal((times.Length, 0), (number, outliers));
        });

    [Fact]
    public void Poll_Warm_AllocatesNothing()
    {
        var times = Enumerable.Range(0, 400_000).Select(i => Start * Second + (i % 1000 == 7 ? -Year * Second
            : i * 3 * Second)).ToArray();
        using var source = new SteadySource(new VolatileSource(times, 1000));
        var burst = new PacketBurst();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(source.Poll(burst));
        }

        Assert.Equal(0, AllocatedBytes.Min(_ =>
        {
            for (var i = 0; i < 100; i++)
            {
                source.Poll(burst);
            }
        }));
    }

    /// <summary>Marks outliers with an asterisk.</summary>
    static string Text(long[] seconds, int burstSize, bool isEmpty = false)
    {
        var times = seconds.Select(second => (Start + second) * Second).ToArray();
        using var source = new SteadySource(new VolatileSource(times, burstSize, isEmpty: isEmpty));
        var (burst, parts, number) = (new PacketBurst(), new List<string>(), 0);
        while (source.Poll(burst))
        {
            if (burst.BeginsEpoch)
            {
                parts.Add("|");
            }

            var outliers = 0;
            foreach (ref readonly var packet in burst.Packets)
            {
                var isOutlier = packet.TimestampNs != times[number++];
                outliers += isOutlier ? 1 : 0;
                parts.Add($"{(packet.TimestampNs / Second) - Start}{(isOutlier ? "*" : "")}");
            }

            Assert.Equal(outliers, burst.Outliers);
        }

        return string.Join(' ', parts);
    }
}
