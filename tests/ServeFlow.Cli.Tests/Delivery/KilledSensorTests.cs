using System.Runtime.Versioning;
using System.Text.Json;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary>A sensor that is killed at random points, over and over, always with the same spool and receiver.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KilledSensorTests : IDisposable
{
    const int Flows = 4000;
    const long Second = 1_000_000_000;

    /// <summary>The most bytes that are sent again over a Unix socket: what may be unread before the sensor waits, and
    /// a batch, whose last record and ids come on top (docs/delivery.md).</summary>
    const long MostAgain = (1 << 20) + (300 << 10);

    /// <summary>A round takes about a second.</summary>
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("SERVEFLOW_KILL_ROUNDS"),
        out var given) ? given : 6;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-kills-").FullName;

    public KilledSensorTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Kill_AtRandomPoints_LosesNothingThatWasSpooledAndRepeatsOnlyWhatWasInFlight()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var receiver = new RecordReceiver(At("s.sock"));
        var spooled = new long[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            WriteCapture(round, wait: 60);
            File.Delete(At("stats"));
            receiver.Manner = (round % 3) switch
            {
                0 => new(long.MaxValue, true),
                1 => new(random.Next(400_000), false),
                _ => new(random.Next(400_000), true),
            };
            using var serve = ProgramProcess.Start(folder, "exec $serveflow serve bundle -r flows.pcap --speed 1 "
                + "--socket unix:s.sock --stats-interval 0.02 --stats-json stats");
            if (random.Next(4) > 0) // the others are mostly killed while they start
            {
                ProgramProcess.Until(() => Spooled() is not null);
            }

            Thread.Sleep(random.Next(450));
            serve.Signal("KILL");
            serve.Wait();
            spooled[round] = Spooled() ?? 0;
            receiver.Release();
        }

        WriteCapture(Rounds, wait: 0);
        receiver.Manner = new(long.MaxValue, true);
        var (code, _, said) = ProgramProcess.Run(folder,
            "$serveflow serve bundle -r flows.pcap --speed max --socket unix:s.sock -q");
        Assert.Equal((CommandRunner.Succeeded, ""), (code, said));
        receiver.Stop();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {Rounds:N0} kills, {spooled.Sum():N0} records "
            + $"counted as spooled before them, in {spooled.Count(count => count > 0):N0} of the runs; {receiver}");
        Check(receiver.Records, spooled);
        Assert.InRange(receiver.MostAgain, 0, MostAgain);
    }

    /// <summary>Checks that nothing was lost, and that the greatest number so far tells which records came before.
    /// </summary>
    static void Check(IReadOnlyList<ReceivedRecord> records, long[] spooled)
    {
        var kept = new List<ReceivedRecord>();
        foreach (var record in records)
        {
            if (record.Number > kept.Count)
            {
                Assert.Equal(kept.Count + 1, record.Number);
                kept.Add(record);
            }
            else
            {
                Assert.Equal(kept[(int)record.Number - 1], record);
            }
        }

        // Predictions alone: flows end in the last run, at its end.
        var runs = kept.Where(record => record.IsPrediction).ToLookup(record => record.Run, record => record.Flow);
        for (var run = 0; run < spooled.Length; run++)
        {
            Assert.Equal(Enumerable.Range(0, runs[run].Count()), runs[run]);
            Assert.InRange(spooled[run], 0, runs[run].Count());
        }

        Assert.Equal(Enumerable.Range(0, Flows), runs[spooled.Length]);
    }

    /// <summary>Writes one flow each tenth of a millisecond, with addresses of this run.</summary>
    /// <param name="wait">Seconds until a last packet, which keep a replay waiting while it is killed; 0 for none.
    /// </param>
    void WriteCapture(int run, int wait)
    {
        var capture = new CaptureBuilder(101);
        var source = $"10.1.{run / 256}.{run % 256}";
        for (var flow = 0; flow < Flows; flow++)
        {
            capture.Add((1_700_000_000 * Second) + (flow * 100_000L),
                Frame.Ipv4(source, "10.0.0.2", 17, Frame.Udp(RecordReceiver.FirstPort + flow, 53, [])));
        }

        if (wait > 0)
        {
            capture.Add((1_700_000_000 + wait) * Second,
                Frame.Ipv4(source, "10.0.0.2", 17, Frame.Udp(9, 9, [])));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    /// <summary>Reads how many records the sensor last said are safe; null before it said anything.</summary>
    long? Spooled()
    {
        var text = File.Exists(At("stats")) ? File.ReadAllText(At("stats")) : "";
        return text.LastIndexOf('\n') is > 0 and var end
            ? JsonDocument.Parse(text[..end].Split('\n')[^1]).RootElement.GetProperty("sinks")[0]
                .GetProperty("spool").GetProperty("spooled").GetInt64()
            : null;
    }

    string At(string name) => Path.Combine(folder, name);
}
