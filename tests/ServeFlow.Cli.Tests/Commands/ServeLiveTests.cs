using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>What a sensor does now is followed while it runs: records, rates, tables.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServeLiveTests : ServedSensor
{
    int readers;

    [Fact]
    public void CtlFlows_UntilTheSensorEnds_GivesEveryRecordFromThenOn()
    {
        Serve("--http unix:s.sock");
        var before = File.ReadAllLines(At("eve.json"));
        using var all = Follow("all.json", "--json");
        using var ends = Follow("ends.txt", "event=flow port=5001,address=10.0.0.0/24");
        using var two = Follow("two.json", "event=flow --count 2 --json");
        Ctl("stop");

        Assert.Equal(0, Process!.Wait().Code);
        Assert.Equal((0, 0, 0), (all.Wait().Code, ends.Wait().Code, two.Wait().Code));
        Assert.Equal(File.ReadAllLines(At("eve.json"))[before.Length..], File.ReadAllLines(At("all.json")));
        var end = Assert.Single(File.ReadAllLines(At("ends.txt")));
        Assert.Matches("flow +UDP  10.0.0.1:5001 > 10.0.0.2:53 plug 0[.]9\\d+ fast confident ended=\\S+ packets=1",
            end);
        Assert.Equal(2, File.ReadAllLines(At("two.json")).Length);
    }

    [Fact]
    public async Task GetEvents_Filter_IsAStreamOrAnError()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var wrong = await client.GetAsync("/api/events?filter=label%3Dfridge", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("no label 'fridge'", await wrong.Content.ReadAsStringAsync(Cancel));
        using var stream = await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.ToString());
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal(": records as EVE", await reader.ReadLineAsync(Cancel));
        Process!.Signal("TERM");
        var rest = await reader.ReadToEndAsync(Cancel);
        Assert.Equal(Flows, rest.Split("event: record\ndata: {").Length - 1);
        Assert.EndsWith("event: end\ndata: {}\n\n", rest);
    }

    [Fact]
    public async Task GetEvents_AsManyReadersAsThereMayBe_TheNextIsToldToAskAgain()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        List<HttpResponseMessage> streams = [];
        for (var reader = 0; reader < 16; reader++)
        {
            streams.Add(await client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead, Cancel));
        }

        var next = await client.GetAsync("/api/events", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, next.StatusCode);
        Assert.NotNull(next.Headers.RetryAfter!.Delta);
        Assert.Contains("{\"error\":\"16 readers follow", await next.Content.ReadAsStringAsync(Cancel));
        var document = JsonDocument.Parse(await client.GetStringAsync("/openapi.json", Cancel)).RootElement;
        Assert.True(document.GetProperty("paths").GetProperty("/api/events").GetProperty("get")
            .GetProperty("responses").GetProperty("503").GetProperty("headers").TryGetProperty("Retry-After", out _));
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task GetTopAndHistory_RatesAndCounts_AreThoseOfTheSensor()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        JsonElement history;
        do
        {
            history = JsonDocument.Parse(await client.GetStringAsync("/api/history", Cancel)).RootElement;
            await Task.Delay(100, Cancel);
        }
        while (history.GetProperty("times").GetArrayLength() < 2);

        var top = JsonDocument.Parse(await client.GetStringAsync("/api/top", Cancel)).RootElement;
        var labels = top.GetProperty("labels").EnumerateArray().ToDictionary(
            label => label.GetProperty("name").GetString()!, label => label.GetProperty("answers").GetInt64());
        Assert.Equal(new() { ["camera"] = Flows / 2, ["plug"] = Flows / 2 }, labels);
        var tier = top.GetProperty("tiers")[0];
        Assert.Equal(("fast", Flows, 1), (tier.GetProperty("name").GetString(), tier.GetProperty("answers").GetInt32(),
            tier.GetProperty("share").GetDouble()));
        Assert.True(tier.GetProperty("confidence").GetDouble() > 0.9);
        Assert.Equal(history.GetProperty("times").GetArrayLength(),
            history.GetProperty("labels")[1].GetProperty("answers").GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/history?step=day", Cancel)).StatusCode);
    }

    [Fact]
    public void CtlTopAndLogLevel_OverTheSocket_ShowAndSet()
    {
        Serve("--http unix:s.sock");

        var top = "";
        ProgramProcess.Until(() => Regex.IsMatch(top = Ctl("top --once"), @"(?m)^fast +\d+ +20 +100.0% "));
        Assert.Matches("(?m)^serveflow  ready, up ", top);
        Assert.Matches("(?m)^camera .* 10 +50.0%$", top);
        Assert.Matches("(?m)^eve .* 20 ", top);
        Assert.Contains("\"labels\":[{\"name\":\"camera\"", Ctl("top --once --json"));
        Assert.Contains("error", Ctl("log-level error"));
        File.WriteAllText(At("said"), "");
        Assert.Equal(2, ProgramProcess.Run(Folder, "$serveflow ctl --socket s.sock log-level loud").Code);
        Ctl("stop");
        Process!.Wait();
        Assert.DoesNotContain(" info ", File.ReadAllText(At("said")));
    }

    /// <summary>Starts a reader of records; the sensor knows of it when this returns.</summary>
    ProgramProcess Follow(string file, string words)
    {
        var reader = ProgramProcess.Start(Folder, $"exec $serveflow ctl --socket s.sock flows {words} > {file}");
        readers++;
        ProgramProcess.Until(() => Ctl("status --json").Contains($"\"readers\":{readers}"));
        return reader;
    }

}
