using System.Diagnostics;
using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Tests.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>The program answers two tasks on a real link: no flow and no task goes without an answer.</summary>
public sealed class TasksOnLinkTests : IDisposable
{
    const int Flows = 3000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-tasks-").FullName;

    public TasksOnLinkTests()
    {
        SmallBundle.Write(At("devices"));
        BundleWriter.Write(At("users"), SmallBundle.NewManifest() with { Labels = ["alice", "bob"] },
            SmallBundle.Models);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Serve_TwoTasksOnALink_EachFlowHasTheAnswerOfEach(int workers)
    {
        using var pair = VethPair.Create();
        Assert.SkipUnless(File.Exists(Repository.Program), "takes the program");
        using var process = pair.FarNamespace.Run(() => Start(workers));
        try
        {
            while (await process.StandardError.ReadLineAsync(Cancel) is { } line
                && !line.Contains("listening on", StringComparison.Ordinal))
            {
            }

            var said = process.StandardError.ReadToEndAsync(Cancel);
            using var sender = pair.OpenSender();
            sender.Send([.. Enumerable.Range(0, Flows).Select(i => Frame.Ethernet(Frame.Ip4,
                Frame.Ipv4("10.0.0.1", $"10.0.1.{1 + (i % 200)}", 17, Frame.Udp(2000 + i, 53, []))))]);
            var printed = await process.StandardOutput.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel);

            Assert.True(process.ExitCode == 0, await said);
            CheckCounts(JsonDocument.Parse(printed).RootElement);
            CheckRecords();
        }
        finally
        {
            process.Kill();
        }
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static void CheckCounts(JsonElement summary)
    {
        Assert.True(summary.GetProperty("balances").GetBoolean());
        Assert.Equal((Flows, Flows, 0), (summary.GetProperty("packets").GetInt64(),
            summary.GetProperty("flows").GetInt64(), summary.GetProperty("dropped").GetProperty("kernel").GetInt64()));
        Assert.Equal([("device", Flows), ("user", Flows)], summary.GetProperty("tiers").EnumerateArray()
            .GroupBy(tier => $"{tier.GetProperty("task")}")
            .Select(task => (task.Key, task.Sum(tier => tier.GetProperty("decisions").GetInt32()))).Order());
    }

    /// <summary>Each flow has a prediction of each task, and its end has both answers, by its source port.</summary>
    void CheckRecords()
    {
        var records = File.ReadLines(At("eve.json")).Select(line => JsonDocument.Parse(line).RootElement)
            .ToLookup(record => $"{record.GetProperty("event_type")}");
        var predictions = records["prediction"].Select(record => (record.GetProperty("src_port").GetInt32(),
            $"{record.GetProperty("serveflow").GetProperty("task")}")).ToHashSet();
        Assert.Equal((2 * Flows, 2 * Flows, Flows), (records["prediction"].Count(), predictions.Count,
            records["flow"].Select(record => record.GetProperty("src_port").GetInt32()).Distinct().Count()));
        Assert.All(records["flow"], record =>
        {
            var tasks = record.GetProperty("serveflow").GetProperty("tasks");
            Assert.Equal(record.GetProperty("src_port").GetInt32() % 2 == 0 ? ("camera", "alice") : ("plug", "bob"),
                ($"{tasks.GetProperty("device").GetProperty("label")}",
                    $"{tasks.GetProperty("user").GetProperty("label")}"));
        });
    }

    Process Start(int workers) => Process.Start(new ProcessStartInfo(Repository.Program, ["serve", "--model",
        "device=devices", "--model", "user=users", "-i", VethPair.Far, "--workers", $"{workers}", "--count",
        $"{Flows}", "--eve", "eve.json", "--json", "--stats-interval", "0"])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    string At(string name) => Path.Combine(folder, name);
}
