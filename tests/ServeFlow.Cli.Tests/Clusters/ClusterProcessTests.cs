using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Cluster;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A sensor whose slow tier workers compute, each a process of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ClusterProcessTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;
    const int Flows = 3_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-cluster-").FullName;
    readonly WorkerProcesses workers;

    public ClusterProcessTests()
    {
        workers = new(folder);
        var manifest = SmallBundle.NewManifest();
        BundleWriter.Write(At("bundle"), manifest with
        {
            // The first tier is unsure of every flow.
            Tiers = [manifest.Tiers[0] with { Thresholds = [-1, -1] }, manifest.Tiers[1] with { Packets = 2 }],
        }, SmallBundle.Models);
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Flows; i++) // six seconds of traffic
        {
            capture.Add(Start + (i * 2_000_000L), Udp(5000 + i));
            capture.Add(Start + (i * 2_000_000L) + 500_000, Udp(5000 + i));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
        ProgramProcess.Succeed(folder, "$serveflow classify bundle -r flows.pcap -w local.json -q");
    }

    public void Dispose()
    {
        workers.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Classify_ByWorkers_GivesTheRecordsOfOneProcess()
    {
        var cluster = $"--cluster edge --cluster-connection {workers.Start("one")},{workers.Start("two")}";
        ProgramProcess.Succeed(folder, $"$serveflow classify bundle -r flows.pcap -w there.json {cluster} -q");
        ProgramProcess.Succeed(folder,
            $"$serveflow serve bundle -r flows.pcap --speed max --eve max.json {cluster} -q");

        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("there.json")));
        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("max.json")));
    }

    [Fact]
    public void Worker_JsonLogByItsFile_EveryLineIsAnObjectWithTimeAndLevel()
    {
        File.WriteAllText(At("w.yaml"), "worker: {bundles: [bundle]}\nlogging: {format: json}");
        workers.Start("one", options: "-c w.yaml");
        workers.Start("two", options: "--log-format text");
        workers[0].Signal("TERM");
        workers[1].Signal("TERM");

        Assert.All(new[] { workers[0], workers[1] }, worker =>
            Assert.Equal(CommandRunner.Succeeded, worker.Wait().Code));
        var objects = File.ReadLines(At("one")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.All(objects, line => Assert.Equal(("info", JsonValueKind.String),
            (line.GetProperty("level").GetString(), line.GetProperty("timestamp").ValueKind)));
        Assert.Contains("0 batches", objects[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.All(File.ReadLines(At("two")), line =>
            Assert.Matches("^[0-9-]+T[0-9:.]+Z info serveflow: worker of cluster 'edge'", line));
    }

    [Fact]
    public void Worker_Sighup_TakesItsFileAgainAndSaysWhatHasToWait()
    {
        File.WriteAllText(At("w.yaml"), "worker: {bundles: [bundle]}");
        workers.Start("one", options: "-c w.yaml");
        Reload("worker: {bundles: [bundle]}\nlogging: {levl: error}", "so none of it was applied");
        Reload("worker: {bundles: [bundle], gather: 8}\nlogging: {level: error}", "restart it for that");
        workers[0].Signal("TERM");

        Assert.Equal(CommandRunner.Succeeded, workers[0].Wait().Code);
        var said = File.ReadAllText(At("one"));
        Assert.Contains("error serveflow: w.yaml:2: logging.levl: ", said, StringComparison.Ordinal);
        Assert.Contains("info serveflow: configuration read again: logging.level changed\n", said,
            StringComparison.Ordinal);
        Assert.Contains(" worker.gather: cannot change while the worker runs: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("0 batches", said, StringComparison.Ordinal);

        void Reload(string text, string answer)
        {
            File.WriteAllText(At("w.yaml"), text);
            workers[0].Signal("HUP");
            ProgramProcess.Until(() => File.ReadAllText(At("one")).Contains(answer, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Worker_StartThatFails_IsAMessageOfItsLevelAndFormat()
    {
        var (code, _, said) = ProgramProcess.Run(folder,
            "$serveflow worker none --log-format journal --log-level error");

        Assert.Equal(CommandRunner.Failed, code);
        Assert.StartsWith("<3>none: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_WorkerIsKilledAndStartsAgain_AnswersEachFlowOnceAndUsesItAgain()
    {
        var (first, second) = (workers.Start("one"), workers.Start("two"));
        using var sensor = ProgramProcess.Start(folder, "exec $serveflow serve bundle -r flows.pcap --speed 0.2 "
            + "--eve later.json --cluster edge --cluster-deadline 1000 --cluster-local 0 "
            + $"--cluster-connection {first},{second}");
        ProgramProcess.Until(() => File.Exists(At("later.json")) && File.ReadLines(At("later.json")).Count() > 500);
        workers[0].Signal("KILL");
        workers[0].Wait();
        ProgramProcess.Until(() => File.ReadLines(At("later.json")).Count() > 1500);
        workers.Start("again", first);

        var (code, _, said) = sensor.Wait();
        Assert.True(code == CommandRunner.Succeeded, said);
        var outcomes = Outcomes().Match(said);
        Assert.True(outcomes.Success, said);
        Assert.Equal(Flows, outcomes.Groups.Values.Skip(1).Sum(group => Number(group.Value)));
        Assert.InRange(Number(outcomes.Groups[1].Value), Flows / 2, Flows);
        var answered = File.ReadLines(At("later.json"))
            .Where(line => line.Contains("\"prediction\"", StringComparison.Ordinal))
            .Select(line => Identity().Match(line).Value).ToList();
        Assert.Equal((Flows, Flows), (answered.Count, answered.Distinct().Count()));

        workers[^1].Signal("TERM");
        Assert.Equal(CommandRunner.Succeeded, workers[^1].Wait().Code);
        Assert.Matches("(?m)': [1-9][0-9]* batches: ", File.ReadAllText(At("again")));
    }

    [Fact]
    public async Task Worker_PausedUntilItIsTakenForDead_JoinsAgain()
    {
        using var redis = RedisProcess.Start(folder, TcpPort.FindFree());
        var options = RedisProcess.CreateOptions(redis.Port);
        var list = $"--cluster-membership redis --cluster-connection {options.Connection}";
        var paused = IPEndPoint.Parse(workers.Start("one", options: list));
        workers.Start("two", options: list);
        using var known = ClusterHosts.CreateList(options);
        await known.OpenAsync();

        workers[0].Signal("STOP");
        ProgramProcess.Until(() => !IsListed());
        workers[0].Signal("CONT");
        ProgramProcess.Until(IsListed);
        Assert.Contains($"{paused}: the cluster took this worker for dead", File.ReadAllText(At("one")),
            StringComparison.Ordinal);
        ProgramProcess.Succeed(folder, "$serveflow classify bundle -r flows.pcap -w there.json --cluster edge "
            + $"--cluster-connection {paused} -q");
        Assert.Equal(File.ReadAllText(At("local.json")), File.ReadAllText(At("there.json")));

        bool IsListed() => known.ReadAsync().GetAwaiter().GetResult().Contains(paused);
    }

    [Fact]
    public async Task Worker_ListComesBackEmpty_JoinsAgain()
    {
        var port = TcpPort.FindFree();
        var list = RedisProcess.CreateOptions(port);
        IPEndPoint worker;
        using (RedisProcess.Start(folder, port))
        {
            worker = IPEndPoint.Parse(workers.Start("one", options: "--cluster-membership redis --cluster-connection "
                + list.Connection));
        }

        using var emptied = RedisProcess.Start(folder, port);
        using var known = ClusterHosts.CreateList(list);
        await known.OpenAsync();
        ProgramProcess.Until(() => known.ReadAsync().GetAwaiter().GetResult().Contains(worker));
        Assert.Contains($"{worker}: the cluster's list has lost this worker; it joins again",
            File.ReadAllText(At("one")), StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_WithoutBundle_SaysWhatIsMissing()
    {
        var (code, _, said) = ProgramProcess.Run(folder, "$serveflow worker");

        Assert.Equal(CommandRunner.Usage, code);
        Assert.StartsWith("serveflow: BUNDLE: is missing: give the bundle of the sensors", said,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cluster-connection a:1", "--cluster-connection 'a:1': is no worker's address")]
    [InlineData("--cluster-connection 192.0.2.1:30000", "nothing tells friends from strangers")]
    [InlineData("--cluster-membership redis", "--cluster-membership: needs to know where that is")]
    [InlineData("--cluster-membership zookeeper", "--cluster-membership: 'zookeeper': give")]
    [InlineData("--cluster-connection Host=db;Password=x", "--cluster-connection: holds a password")]
    [InlineData("--cluster-cert a.pem", "give --cluster-ca too")]
    [InlineData("--remote-tier slow=http://a/v2/models/m", "--cluster: has the last tier computed")]
    public void Serve_OptionsThatDoNotFit_AreRefusedInOneLine(string options, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(folder,
            $"$serveflow serve bundle -r flows.pcap --cluster edge '{options.Replace(" ", "' '")}'");

        Assert.NotEqual(CommandRunner.Succeeded, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(1, said.Count(c => c == '\n'));
    }

    static int Number(string text) => int.Parse(text.Replace(",", ""));

    static byte[] Udp(int port) => Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(port, 53, []));

    string At(string name) => Path.Combine(folder, name);

    [GeneratedRegex(
        @"remote tier slow: ([\d,]+) answered, ([\d,]+) late, ([\d,]+) lost, ([\d,]+) refused, ([\d,]+) no_")]
    private static partial Regex Outcomes();

    [GeneratedRegex("\"flow_id\":\\d+")]
    private static partial Regex Identity();
}
