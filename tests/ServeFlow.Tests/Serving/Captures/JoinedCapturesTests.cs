using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Captures;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Serving.Captures;

/// <summary>Captures that are one link's: rings of files, and taps that saw the same time.</summary>
public sealed partial class JoinedCapturesTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;
    const long Millisecond = 1_000_000;
    const long Hour = 3_600_000 * Millisecond;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-joined-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void RunJoined_OneDirectionAFile_GivesTwoFlows()
    {
        foreach (var name in (string[])["up.pcap", "down.pcap"])
        {
            File.Copy(Path.Combine(Repository.Root, "tests/ServeFlow.Tests/Serving/Captures/golden", name),
                Path.Combine(folder, name));
        }

        var (text, account, outcomes) = Sweep(join: true);

        Assert.Equal((2, true), (account.Created, account.Balances));
        Assert.Equal(outcomes.Sum(outcome => outcome.Packets), account.Received);
        string[] flows =
            [.. text.Split('\n').Where(line => line.Contains("\"event_type\":\"flow\"", StringComparison.Ordinal))];
        Assert.Equal(2, flows.Length);
        Assert.All(flows, flow => Assert.DoesNotContain("\"pkts_toclient\":0", flow, StringComparison.Ordinal));
        Assert.Equal(0, account.Events[FlowEvent.ClockBackwards]);
    }

    [Fact]
    public void RunJoined_AnySplitOverFiles_GivesTheRecordsOfOneFile() =>
        Gen.Select(RandomTraffic.Steps.Where(steps => steps.Length > 0), Gen.Int[1, 30], Gen.Int[0, 1 << 20])
            .Sample((steps, files, seed) =>
            {
                Clear();
                var (packets, random) = (Packets(steps), new Random(seed));
                Write("one.pcap", packets);
                var (right, alone, _) = Sweep(join: true);
                Clear();
                foreach (var file in packets.GroupBy(_ => random.Next(files)))
                {
                    Write($"{random.Next(1000)}-{file.Key}.pcap", file, nanoseconds: file.Key % 2 == 0);
                }

                var (text, account, outcomes) = Sweep(join: true);
                Assert.Equal(right, text);
                Assert.Equal((alone.Received, alone.Created), (account.Received, account.Created));
                Assert.Equal(packets.Length, outcomes.Sum(outcome => outcome.Packets));
            }, iter: 40, threads: 1); // one folder

    [Fact]
    public void RunJoined_RingWithoutOverlap_NamesAndNumbersAsBefore()
    {
        var packets = Packets([.. Enumerable.Range(0, 6).Select(i => new RandomTraffic.Step(i, 6, 0, true, 5))]);
        Write("z.pcap", packets[..2]);
        Write("m.pcap", packets[2..5]);
        Write("a.pcap", packets[5..]);

        var (text, _, _) = Sweep(join: true, keepsNames: true);

        var predictions = text.Split('\n').Where(line => line.Contains("prediction", StringComparison.Ordinal));
        Assert.Equal(["z.pcap 1", "z.pcap 2", "m.pcap 1", "m.pcap 2", "m.pcap 3", "a.pcap 1"], predictions
            .Select(line => $"{Regex.Match(line, "\"pcap_filename\":\"([^\"]*)").Groups[1]} "
                + Regex.Match(line, "\"pcap_cnt\":([0-9]+)").Groups[1]));
    }

    [Theory]
    [InlineData(-Hour)]
    [InlineData(Hour)]
    [InlineData(10 * 8766 * Hour)]
    public void RunJoined_RingWhoseClockWasSet_GivesTheRecordsOfTheParts(long offsetNs)
    {
        var packets = Packets(
            [.. Enumerable.Range(0, 60).Select(i => new RandomTraffic.Step(i % 9, i % 8, 0, true, 900))]);
        var later = packets[30..].Select(packet => packet with { Ns = packet.Ns + offsetNs }).ToArray();
        (long Ns, byte[] Bytes)[] whole = [.. packets[..30], .. later];
        var parts = "";
        var ended = 0L;
        foreach (var part in (IReadOnlyList<(long, byte[])>[])[packets[..30], later])
        {
            Clear();
            Write("part.pcap", part);
            var (text, alone, _) = Sweep(join: true);
            (parts, ended) = (parts + text, ended + alone.Ended[EndReason.ForcedEnd]);
        }

        // The clock was set within a file, or between two.
        foreach (var cut in (int[])[60, 20, 30, 45])
        {
            Clear();
            Write("1.pcap", whole[..cut]);
            Write("2.pcap", whole[cut..]);
            if (cut != 60 && whole[cut].Ns < whole[0].Ns)
            {
                continue; // by its times the second file is the first
            }

            var (text, account, _) = Sweep(join: true);
            Assert.Equal(parts, text);
            Assert.Equal((1, ended), (account.Events[FlowEvent.ClockStep], account.Ended[EndReason.ForcedEnd]));
        }
    }

    [Fact]
    public void Find_FirstPacketWithAWrongTime_SortsByThoseBehindIt()
    {
        var packets = Packets([.. Enumerable.Range(0, 8).Select(i => new RandomTraffic.Step(i, 4, 0, true, 5))]);
        Write("a.pcap", [(packets[0].Ns + (9000 * Hour), packets[0].Bytes), .. packets[1..4]]);
        Write("b.pcap", packets[4..]);

        var set = CaptureSet.Find(folder, stop: TestContext.Current.CancellationToken);
        var (_, account, _) = Sweep(join: true);

        Assert.Equal(["a.pcap", "b.pcap"], set.Captures.Select(capture => capture.Name));
        Assert.Equal(packets[1].Ns, set.Captures[0].FirstTimestampNs);
        Assert.Equal((1, 0), (account.Events[FlowEvent.ClockOutlier], account.Events[FlowEvent.ClockStep]));
    }

    [Fact]
    public void Run_OutlierAnywhereInARealCapture_ChangesNothingButThatPacket()
    {
        var captures = Directory.GetFiles(TestData.Require("iot_device"), "*.pcap", SearchOption.AllDirectories);
        Array.Sort(captures, StringComparer.Ordinal);
        var random = new Random(7);
        foreach (var path in captures.Where((_, i) => i % 61 == 0))
        {
            var packets = ReadCapture.From(CaptureFile.Open(path)).Packets;
            var place = random.Next(packets.Count);
            var neighbour = packets[place == 0 ? Math.Min(1, packets.Count - 1) : place - 1].TimestampNs;
            var (right, alone) = Classify(packets, place, neighbour);
            foreach (var offset in (long[])[-9000 * Hour, -Hour, 2 * Hour, 87_660 * Hour])
            {
                var (wrong, account) = Classify(packets, place, packets[place].TimestampNs + offset);
                Assert.Equal((path, right), (path, wrong));
                Assert.Equal(alone.Events[FlowEvent.ClockOutlier] + 1, account.Events[FlowEvent.ClockOutlier]);
            }
        }
    }

    (string Text, Account Account) Classify(IReadOnlyList<ReadCapture.Packet> packets, int place, long timestampNs)
    {
        Clear();
        var capture = new CaptureBuilder(packets[0].LinkType, nanoseconds: true);
        foreach (var (i, packet) in packets.Index())
        {
            capture.Add(i == place ? timestampNs : packet.TimestampNs, packet.Bytes, packet.OriginalLength);
        }

        File.WriteAllBytes(Path.Combine(folder, "capture.pcap"), capture.ToArray());
        var (text, account, _) = Sweep(join: false);
        return (text, account);
    }

    /// <summary>The frames of random traffic, a millisecond apart at least: no two have the same time.</summary>
    static (long Ns, byte[] Bytes)[] Packets(RandomTraffic.Step[] steps)
    {
        using var source = RandomTraffic.Source([.. steps.Select(step => step with { PauseMs = step.PauseMs + 1 })],
            PacketBurst.Capacity);
        var burst = new PacketBurst();
        source.Poll(burst);
        return [.. burst.Packets.ToArray().Select(packet =>
            (Start + packet.TimestampNs - MemorySource.Start, packet.Bytes.ToArray()))];
    }

    void Clear()
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }
    }

    void Write(string name, IEnumerable<(long Ns, byte[] Bytes)> packets, bool nanoseconds = false)
    {
        var capture = new CaptureBuilder(nanoseconds: nanoseconds);
        foreach (var (ns, bytes) in packets)
        {
            capture.Add(ns, bytes);
        }

        File.WriteAllBytes(Path.Combine(folder, name), capture.ToArray());
    }

    (string Text, Account Account, List<CaptureOutcome> Outcomes) Sweep(bool join, bool keepsNames = false)
    {
        var plan = TinyCascade.Plan(1, 3);
        using var stream = new MemoryStream();
        using var sink = new EveSink(stream, plan, new());
        var sweep = new CaptureSweep(plan, new(), sink);
        var (set, stop) = (CaptureSet.Find(folder), TestContext.Current.CancellationToken);
        var outcomes = (join ? sweep.RunJoined(set, stop) : sweep.Run(set, 1, stop)).ToList();
        sink.Flush();
        var text = Encoding.UTF8.GetString(stream.ToArray());
        return (keepsNames ? text : Origin().Replace(text, ""), sweep.Account, outcomes);
    }

    [GeneratedRegex(",\"pcap_cnt\":[0-9]+|,\"pcap_filename\":\"[^\"]*\"")]
    private static partial Regex Origin();
}
