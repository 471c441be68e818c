using System.Runtime.Versioning;
using System.Text.Json;
using ServeFlow.Cli.Commands.Control;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A fleet of two sensors and two workers, each a process of its own, with their list in Redis.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FleetProcessTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-fleet-").FullName;
    readonly List<ProgramProcess> processes = [];
    readonly RedisProcess redis;

    public FleetProcessTests()
    {
        redis = RedisProcess.Start(folder, TcpPort.FindFree());
        SmallBundle.Write(At("a/iot"));
        SmallBundle.Write(At("b/iot"));
        SmallBundle.Write(At("given"), packets: 2);
        Write(2);
        Write(3);
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < 1000; i++)
        {
            capture.Add(Start + (i * 10_000_000L), Udp(5000 + i));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    public void Dispose()
    {
        processes.ForEach(process => process.Dispose());
        redis.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Fleet_WorkerDiesAndSensorIsAway_AllAnswerByTheSameModelInTheEnd()
    {
        var worker = StartWorker("one");
        StartWorker("two");
        StartSensor("a");
        var b = StartSensor("b");
        Until(() => Names(Fleet("a"), "sensors").Count == 2 && Names(Fleet("a"), "workers").Count == 2);

        Assert.Contains("the fleet has no model 'iot@2': publish it first", Control("a", "activate iot@2").Said,
            StringComparison.Ordinal);
        Succeed("a", "publish iot@2 --within 60");
        Succeed("a", "publish iot@3 --within 60");
        Succeed("a", "activate iot@2 --within 60");
        Until(() => Models(Fleet("b")) is ["iot@2", "iot@2"]); // one that was silent for seconds catches up
        Assert.True(Directory.Exists(At("b/iot/2")));
        Assert.False(Directory.Exists(At("b/iot/3")));

        b.Signal("KILL"); // what it misses it has to catch up with
        b.Wait();
        Until(() => State(Fleet("a"), "b") == "away");
        Succeed("a", "activate iot@3 --within 60");
        worker.Signal("KILL"); // the other one has all that was published, and what was decided
        worker.Wait();
        b = StartSensor("b");
        Until(() => Models(Fleet("b")) is ["iot@3", "iot@3"]);
        Until(() => Fleet("b").GetProperty("workers").EnumerateArray() // also where it led the fleet
            .Select(node => node.GetProperty("state").GetString()).Order().SequenceEqual(["away", "present"]));

        Until(() => Control("b", "rollback --within 30").Code == CommandRunner.Succeeded);
        Until(() => Models(Fleet("a")) is ["iot@2", "iot@2"]);
        CheckTotals();
        var (_, table, _) = ProgramProcess.Run(folder, "$serveflow ctl --socket a.sock fleet");
        Assert.Matches("cluster edge: iot@2; published: iot@2, iot@3; decision [0-9]+", table);
        Assert.Matches("(?m)^b +present +iot@2 ", table);
        Assert.Matches("(?m)^total +2 of 2 ", table);
        Assert.Matches("fleet: decision [0-9]+: iot@3; .*; asked for by [^ ]+ at a\n", File.ReadAllText(At("two")));
        Assert.Matches("warning .*fleet: activate iot@2, asked for by [^ ]+: the fleet has no model 'iot@2'",
            File.ReadAllText(At("sensor-a")));

        Succeed("a", "rollback --within 30");
        Until(() => Models(Fleet("a")) is ["iot@1", "iot@1"]);
        b.Signal("TERM");
        b.Wait();
        StartSensor("b"); // later versions lie in its folder, and are not its own
        Until(() => State(Fleet("a"), "b") == "present" && Models(Fleet("a")) is ["iot@1", "iot@1"]);
    }

    [Fact]
    public void Fleet_WorkerThatLeadsHangs_IsShownAsItWasKnownWithWhoDoesNotAnswer()
    {
        var worker = StartWorker("one");
        StartSensor("a");
        Until(() => Names(Fleet("a"), "sensors").Count == 1 && Names(Fleet("a"), "workers").Count == 1);
        worker.Signal("STOP");
        var shown = "";
        try
        {
            Until(() =>
            {
                var (code, table, said) = ProgramProcess.Run(folder, "$serveflow ctl --socket a.sock fleet");
                Assert.True(code == CommandRunner.Succeeded, said);
                shown = table;
                return table.Contains("fleet: ", StringComparison.Ordinal);
            });
        }
        finally
        {
            worker.Signal("CONT");
        }

        Assert.Matches("(?m)^fleet: no worker of the cluster answers: .*; 127.0.0.1:[0-9]+ leads the fleet, and was "
            + "heard [0-9]+ s ago; the rest is as it was [0-9]+ s ago$", shown);
        Assert.Matches("(?m)^a +present +iot@1 ", shown);
        Assert.Matches("(?m)^127.0.0.1:[0-9]+ +away ", shown);
        Until(() => Fleet("a").TryGetProperty("problems", out var problems) && problems.GetArrayLength() == 0);
    }

    [Fact]
    public void Fleet_SecondSensorOfAName_IsShownByBothWhileItLasts()
    {
        StartWorker("one");
        var a = StartSensor("a");
        Until(() => Names(Fleet("a"), "sensors").Count == 1);
        StartSensor("b", "a");
        Until(() => Json("b", "status").GetProperty("fleet").GetProperty("problem").GetString() is { } problem
            && problem.StartsWith("another sensor has the name a: give each", StringComparison.Ordinal));

        Assert.Equal(JsonValueKind.Null, Json("a", "status").GetProperty("fleet").GetProperty("problem").ValueKind);
        Until(() => Shown("b").Contains("\nfleet: this sensor is not in it: another sensor has the name a",
            StringComparison.Ordinal));
        Until(() => Shown("a").Contains("\nsensor a: another sensor has this name too, and is not taken into the",
            StringComparison.Ordinal));
        a.Signal("TERM");
        a.Wait();
        Until(() => Json("b", "status").GetProperty("fleet").GetProperty("problem").ValueKind == JsonValueKind.Null);
        Until(() => !Shown("b").Contains("another sensor", StringComparison.Ordinal));

        string Shown(string name) => ProgramProcess.Run(folder, $"$serveflow ctl --socket {name}.sock fleet").Written;
    }

    /// <summary>The sums are those of the sensors' own counters, once these stand still.</summary>
    void CheckTotals() => Until(() =>
    {
        var own = new[] { "a", "b" }.Select(name => Json(name, "stats")).ToList();
        var totals = Fleet("a").GetProperty("totals");
        return Sum("packets") == totals.GetProperty("packets").GetInt64()
            && Sum("flows") == totals.GetProperty("flows").GetInt64()
            && Sum("active") == totals.GetProperty("active").GetInt64()
            && own.Sum(one => one.GetProperty("tiers").EnumerateArray()
                .Sum(tier => tier.GetProperty("decisions").GetInt64())) == totals.GetProperty("answers").GetInt64()
            && Sum("packets") > 0;

        long Sum(string name) => own.Sum(one => one.GetProperty(name).GetInt64());
    });

    ProgramProcess StartWorker(string name)
    {
        var process = Run($"exec $serveflow worker given {Cluster} --listen 127.0.0.1:{TcpPort.FindFree()} "
            + $"--silo-port {TcpPort.FindFree()} --threads 1 --store store-{name} 2> {name}");
        Until(() => File.Exists(At(name))
            && File.ReadAllText(At(name)).Contains("at a time", StringComparison.Ordinal));
        return process;
    }

    /// <summary>Starts a sensor whose capture is slow enough to last; it answers by version 1 at first. That is the
    /// only one that b has, so that it names none.</summary>
    /// <param name="named">Its name in the cluster; null for the same.</param>
    ProgramProcess StartSensor(string name, string? named = null)
    {
        File.Delete(At($"{name}.sock"));
        var process = Run($"exec $serveflow serve {name} {(name == "a" ? "--model iot@1" : "")} -r flows.pcap "
            + $"--speed 0.01 --eve {name}.json {Cluster} --cluster-name {named ?? name} --http unix:{At(name)}.sock "
            + $"2> sensor-{name}");
        Until(() => File.Exists(At($"{name}.sock")));
        return process;
    }

    string Cluster => $"--cluster edge --cluster-membership redis --cluster-connection 127.0.0.1:{redis.Port}";

    ProgramProcess Run(string script)
    {
        processes.Add(ProgramProcess.Start(folder, script));
        return processes[^1];
    }

    void Succeed(string sensor, string call)
    {
        var (code, _, said) = Control(sensor, call);
        Assert.True(code == CommandRunner.Succeeded, said);
    }

    (int Code, string Written, string Said) Control(string sensor, string call) =>
        ProgramProcess.Run(folder, $"$serveflow ctl --socket {sensor}.sock fleet {call}");

    JsonElement Fleet(string sensor) => Json(sensor, "fleet");

    /// <summary>Asks a sensor; an empty object where its cluster does not answer now.</summary>
    JsonElement Json(string sensor, string call)
    {
        try
        {
            return JsonDocument.Parse(SensorSocket.Call(At($"{sensor}.sock"), HttpMethod.Get, $"/api/{call}",
                TestContext.Current.CancellationToken)).RootElement;
        }
        catch (InputException)
        {
            return JsonDocument.Parse("""{"sensors":[],"workers":[],"totals":{"packets":-1}}""").RootElement;
        }
    }

    static List<string> Names(JsonElement fleet, string kind) =>
        [.. fleet.GetProperty(kind).EnumerateArray().Select(node => node.GetProperty("name").GetString()!)];

    static string State(JsonElement fleet, string sensor) => fleet.GetProperty("sensors").EnumerateArray()
        .Where(node => node.GetProperty("name").GetString() == sensor)
        .Select(node => node.GetProperty("state").GetString()!).FirstOrDefault("");

    /// <summary>Gets what answers on each sensor.</summary>
    static string[] Models(JsonElement fleet) => [.. fleet.GetProperty("sensors").EnumerateArray().Select(sensor =>
    {
        var main = sensor.GetProperty("models").EnumerateArray().First();
        return $"{main.GetProperty("name").GetString()}@{main.GetProperty("version").GetString()}";
    })];

    /// <summary>Writes a version to the folder of sensor a.</summary>
    void Write(int version)
    {
        SmallBundle.Write(At($"v{version}"), packets: version);
        Directory.Move(At($"v{version}/1"), At($"a/iot/{version}"));
    }

    static void Until(Func<bool> isSo) => ProgramProcess.Until(isSo);

    static byte[] Udp(int port) => Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, []));

    string At(string name) => Path.Combine(folder, name);
}
