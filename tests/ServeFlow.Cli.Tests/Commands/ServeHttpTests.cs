using System.Net;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Text.Json;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>A sensor is asked over real sockets while it runs.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ServeHttpTests : ServedSensor
{
    [Fact]
    public async Task Get_HealthReadinessAndStatus_AreAnswered()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz", Cancel));
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/readyz", Cancel));
        var status = JsonDocument.Parse(await client.GetStringAsync("/api/status", Cancel)).RootElement;
        Assert.True(status.GetProperty("ready").GetBoolean());
        var models = JsonDocument.Parse(await client.GetStringAsync("/api/models", Cancel)).RootElement;
        Assert.Equal(64, models.GetProperty("models")[0].GetProperty("sha256").GetString()!.Length);
    }

    [Fact]
    public async Task Get_Metrics_AddUpAndCarryNoAddress()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var response = await client.GetAsync("/metrics", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.StartsWith("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(Flows, Sum(text, "serveflow_packets_captured_total"));
        Assert.Equal(Flows, Sum(text, "serveflow_flows_created_total"));
        Assert.Equal(Flows, Sum(text, "serveflow_flows_active") + Sum(text, "serveflow_flows_ended_total"));
        Assert.Equal(Flows, Sum(text, "serveflow_decisions_total") + Sum(text, "serveflow_flows_undecided"));
        Assert.Equal(1, Sum(text, "serveflow_model_info"));
        Assert.Contains("serveflow_records_written_total{", text);
        Assert.DoesNotContain("10.0.0.", text);
        Assert.Contains("# TYPE serveflow_decisions_total counter", text);
    }

    [Theory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/../etc/passwd", 404)]
    [InlineData("DELETE", "/healthz", 403)]
    [InlineData("POST", "/api/stop", 403)]
    [InlineData("POST", "/api/reload", 403)]
    [InlineData("GET", "/api/stop", 405)]
    public async Task Request_OutOfPlace_IsAnsweredWithAnError(string method, string path, int status)
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var response = await client.SendAsync(new(new(method), path), Cancel);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.NotEmpty(error.GetProperty("error").GetString()!);
        Assert.Equal(["default-src 'none'; frame-ancestors 'none'"],
            response.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Request_BodyOrForeignHost_IsRefused()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/status");
        foreign.Headers.Host = "evil.example";
        using var body = new HttpRequestMessage(HttpMethod.Get, "/api/status") { Content = new StringContent("{}") };

        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await client.SendAsync(foreign, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SendAsync(body, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Request_WhereATokenIsSet_MustShowIt()
    {
        var address = Serve("--http 127.0.0.1:0 --http-token-file token");
        using var client = Client(address);

        var refused = await client.GetAsync("/healthz", Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"),
            (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()));
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token + "0");
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/metrics", Cancel)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/api/stop", null, Cancel)).StatusCode);
        Assert.Equal(0, Process!.Wait().Code);
    }

    [Theory]
    [InlineData("--http 0.0.0.0:0", "0.0.0.0:0: other machines reach this address: set a token")]
    [InlineData("--http 127.0.0.1:0 --grpc 127.0.0.1:0", "127.0.0.1:0: inference by gRPC asks who calls: set a token")]
    [InlineData("--http 127.0.0.1", "'127.0.0.1': give ADDRESS:PORT")]
    [InlineData("--http 127.0.0.1:99999", "with a port of at most 65535")]
    [InlineData("--http unix:", "give unix:PATH")]
    [InlineData("--http unix:flows.pcap", "flows.pcap: another process listens on it, or it is no socket")]
    [InlineData("--http unix:none/x", "none/x: cannot be listened on: there is no directory ")]
    [InlineData("--http 192.0.2.1:9 --http-token-file token", "192.0.2.1:9: cannot be listened on")]
    [InlineData("--http 127.0.0.1:0 --http-token-file none", "none: cannot be read")]
    [InlineData("--http 127.0.0.1:0 --http-token-file short", "short: holds no token of at least 16")]
    [InlineData("--http 127.0.0.1:0 --http-token-file open", "every user of this machine may read the token")]
    [InlineData("--http-token-file token", "--http-token-file: is about HTTP")]
    public void Start_WhatCannotBe_IsOneLine(string options, string expected)
    {
        File.WriteAllText(At("short"), "abc");
        File.SetUnixFileMode(At("short"), UnixFileMode.UserRead);
        File.WriteAllText(At("open"), Token);
        File.SetUnixFileMode(At("open"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var (code, _, said) = ProgramProcess.Run(Folder, $"$serveflow serve bundle -r flows.pcap --eve e {options}");
        Assert.NotEqual(0, code);
        Assert.Contains(expected, Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Ctl_OverTheSocket_ShowsReloadsAndStops()
    {
        Serve("--http unix:s.sock -c c.yaml");

        Assert.Contains("\"ready\":true", Ctl("status --json"));
        Assert.Matches("(?m)^flows +20$", Ctl("stats"));
        Assert.Matches(@"(?m)^bundle@1 +main +20 +2 +fast slow ", Ctl("models"));
        Assert.Contains("nothing changed", Ctl("reload"));
        File.WriteAllText(At("c.yaml"), "logging: {level: warning}\nrecords: {queue: 77}\n");
        Assert.Contains("logging.level changed", Ctl("reload"));
        File.WriteAllText(At("c.yaml"), "logging: {level: loud}\n");
        Assert.Contains("c.yaml:1: logging.level 'loud': give 'error' or 'warning' or 'info'", Ctl("reload", code: 1));
        Assert.Contains("stopping", Ctl("stop"));
        Assert.Equal(0, Process!.Wait().Code);
        Assert.Contains("s.sock: no sensor answers", Ctl("status", code: 1));
    }

    [Fact]
    public void Start_SocketOfAKilledSensor_IsTakenOver()
    {
        Serve("--http unix:s.sock");
        Process!.Signal("KILL");
        Process.Wait();
        Assert.True(File.Exists(At("s.sock")));
        File.Delete(At("said"));

        Serve("--http unix:s.sock");
        Assert.Contains("\"ready\":true", Ctl("status --json"));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(At("s.sock"))
            & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
    }
}
