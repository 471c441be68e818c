using System.Runtime.Versioning;
using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A sensor that answers two tasks: its records, its metrics, and another model for one of them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServeTaskTests : ServedSensor
{
    const string Tasks = "--model device=bundle --model user=users";

    public ServeTaskTests()
    {
        var manifest = SmallBundle.NewManifest() with { Labels = ["alice", "bob"] };
        BundleWriter.Write(At("users"), manifest, SmallBundle.Models);
        BundleWriter.Write(At("users"), manifest, SmallBundle.Models);
    }

    [Fact]
    public async Task Ctl_ActivatesAVersionForOneTask_TheOtherAnswersAsBefore()
    {
        var client = Client(Serve("--http 127.0.0.1:0 --http unix:s.sock", Tasks));

        var metrics = await client.GetStringAsync("metrics", Cancel);
        Assert.Equal(Flows, Sum(Only(metrics, "task=\"device\""), "serveflow_decisions_total"));
        Assert.Equal(Flows, Sum(Only(metrics, "task=\"user\""), "serveflow_decisions_total"));
        Assert.Equal(Flows / 2, Sum(Only(Only(metrics, "task=\"user\""), "label=\"bob\""), "serveflow_answers_total"));
        Assert.Contains("users 1 answers from now on (before: users 2)", Ctl("activate user@1"),
            StringComparison.Ordinal);
        Assert.Contains("users 2 answers from now on (before: users 1)", Ctl("rollback"), StringComparison.Ordinal);
        Assert.Contains("no model answered before", Ctl("rollback", code: 1), StringComparison.Ordinal);
        Assert.Contains("is no task of this sensor; it has device, user", Ctl("activate service", code: 1),
            StringComparison.Ordinal);
        Assert.Contains("a canary is for one", Ctl("canary user@2=0.5", code: 1), StringComparison.Ordinal);
        Assert.Contains("\"task\":\"user\"", Ctl("models --json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FullSpeed_EveryFlowHasAnAnswerOfEachTask()
    {
        File.WriteAllText(At("tasks.yaml"),
            "model: [device=bundle, user=users]\ncapture: {read: flows.pcap, speed: max, workers: 2}\n"
            + "outputs: [{format: eve, path: all.json}, {format: csv, path: all.csv}]\n");
        var (code, printed, said) = ProgramProcess.Run(Folder, "exec $serveflow serve -c tasks.yaml --json");

        Assert.True(code == 0, said);
        var document = JsonDocument.Parse(printed).RootElement;
        var flows = document.GetProperty("flows").GetInt64();
        Assert.All(document.GetProperty("tiers").EnumerateArray().GroupBy(tier => $"{tier.GetProperty("task")}"),
            task => Assert.Equal(flows, task.Sum(tier => tier.GetProperty("decisions").GetInt64())));
        Assert.True(document.GetProperty("balances").GetBoolean());
        var records = File.ReadLines(At("all.json")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(3 * flows, records.Count);
        Assert.All(records.Where(record => record.GetProperty("event_type").GetString() == "flow"), record =>
        {
            var tasks = record.GetProperty("serveflow").GetProperty("tasks");
            var isEven = record.GetProperty("src_port").GetInt32() % 2 == 0;
            Assert.Equal(isEven ? ("camera", "alice") : ("plug", "bob"),
                (tasks.GetProperty("device").GetProperty("label").GetString(),
                    tasks.GetProperty("user").GetProperty("label").GetString()));
        });
        Assert.Contains("serveflow_user_label", File.ReadLines(At("all.csv")).First(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Tasks + " --shadow bundle", "--shadow: several tasks are answered")]
    [InlineData(Tasks + " --ipfix tcp:127.0.0.1:4739", "--ipfix: several tasks are answered")]
    [InlineData("bundle " + Tasks, "leave BUNDLE out")]
    [InlineData("--model device=bundle --model user", "give TASK=BUNDLE")]
    [InlineData("bundle --model a --model b", "is given 2 times")]
    public void Run_WhatIsForOneTask_IsRefusedInOneLine(string options, string expected)
    {
        var (code, _, said) = ProgramProcess.Run(Folder, $"exec $serveflow serve {options} -r flows.pcap --speed max");

        Assert.NotEqual(0, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    static string Only(string metrics, string label) => string.Join('\n', metrics.Split('\n')
        .Where(line => line.Contains(label, StringComparison.Ordinal)));
}
