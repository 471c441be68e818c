using System.Net;
using System.Net.WebSockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Dashboard;

/// <summary>Who gets the page, and what it is made of, over real sockets.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class DashboardAccessTests : ServedSensor
{
    [Fact]
    public async Task Get_Page_HasTheFiguresAlreadyAndNothingFromElsewhere()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var answer = await client.GetAsync("/", Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal(["same-origin"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Contains("All is well.", page);
        Assert.Contains("<td data-of=\"written\">20</td>", page);
        Assert.DoesNotMatch("style=\"|<style|<script(?![^>]* src=)|(src|href)=\"(https?:)?//| on[a-z]+=\"", page);
        var assets = Asset().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(assets.Count >= 5);
        foreach (var asset in assets)
        {
            var file = await client.GetAsync(asset, Cancel);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString());
            Assert.Contains("default-src 'none'", file.Headers.GetValues("Content-Security-Policy").Single());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/assets/0/dashboard.css", Cancel)).StatusCode);
    }

    [Fact]
    public void Page_EveryMetricThatItReads_IsOneOfTheSensor()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "ServeFlow.Dashboard"), "*",
            SearchOption.AllDirectories).Where(path => path.EndsWith(".razor", StringComparison.Ordinal)
                || path.EndsWith(".cs", StringComparison.Ordinal)).Select(File.ReadAllText);
        var read = sources.SelectMany(text => Metric().Matches(text).Select(match => match.Value)).Distinct().ToList();
        var metrics = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));

        Assert.True(read.Count > 10);
        Assert.All(read, name => Assert.Matches($"`{name}(_total)?[`{{]", metrics));
    }

    [Theory]
    [InlineData("GET", "/", "evil.example", null, 421)]
    [InlineData("GET", "/", null, "http://evil.example", 403)]
    [InlineData("GET", "/_blazor", null, "http://evil.example", 403)]
    [InlineData("POST", "/sign-in", null, "http://evil.example", 403)]
    [InlineData("POST", "/sign-out", null, null, 403)]
    [InlineData("DELETE", "/", null, "own", 405)]
    [InlineData("POST", "/", null, "own", 405)]
    public async Task Request_OfAnotherSiteOrKind_IsRefused(string method, string path, string? host, string? origin,
        int status)
    {
        var address = Serve("--http 127.0.0.1:0");
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? address.TrimEnd('/') : origin);
        }

        var answer = await Client(address).SendAsync(request, Cancel);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 405 ? ["GET", "HEAD"] : [], answer.Content.Headers.Allow);
        Assert.Contains("\"error\":", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Connect_AsManyPagesAsThereMayBe_TheNextIsToldToAskAgain()
    {
        var address = Serve("--http 127.0.0.1:0");
        List<ClientWebSocket> pages = [];
        for (var page = 0; page < 16; page++)
        {
            pages.Add(await ConnectAsync(address, new()));
        }

        using var next = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(address, next));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, next.HttpStatusCode);
        Assert.True(next.HttpResponseHeaders!.ContainsKey("Retry-After"));
        pages.ForEach(page => page.Abort());
        pages.ForEach(page => page.Dispose());
    }

    static async Task<ClientWebSocket> ConnectAsync(string address, ClientWebSocket socket)
    {
        socket.Options.SetRequestHeader("Origin", address.TrimEnd('/'));
        await socket.ConnectAsync(new($"ws{address.TrimEnd('/')[4..]}/_blazor"), Cancel);
        return socket;
    }

    [Fact]
    public async Task Page_WhereATokenIsSet_TakesACookieThatOnlySigningInGives()
    {
        var address = Serve("--http 127.0.0.1:0 --http-token-file token");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { BaseAddress = new(address) };

        var first = await client.GetAsync("/", Cancel);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (first.StatusCode, $"{first.Headers.Location}"));
        var unknown = await client.GetAsync("/_blazor", Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"),
            (unknown.StatusCode, $"{unknown.Headers.WwwAuthenticate}"));
        Assert.DoesNotContain("10.0.0", await client.GetStringAsync("/sign-in", Cancel));
        Assert.Equal("/sign-in?wrong", $"{(await SignInAsync(client, address, "x")).Headers.Location}");
        var signed = await SignInAsync(client, address, Token);
        var cookie = Assert.Single(signed.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.DoesNotContain(Token, cookie);
        var pair = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, pair));
        Assert.Equal(HttpStatusCode.Redirect, await GetAsync(client, pair[..^1] + (pair[^1] == '0' ? '1' : '0')));
        var later = pair.Replace("=", "=9", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await GetAsync(client, later));
        using var api = new HttpRequestMessage(HttpMethod.Get, "/api/status") { Headers = { { "Cookie", pair } } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(api, Cancel)).StatusCode);
    }

    [Fact]
    public async Task Start_NoDashboard_AnswersProgramsOnly()
    {
        var client = Client(Serve("--http 127.0.0.1:0 --no-dashboard"));

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/sign-in", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz", Cancel)).StatusCode);
        Assert.Empty(LoadedPages());
    }

    [Fact]
    public async Task Page_AfterAReload_ShowsWhatHoldsAndWhatTakesARestart()
    {
        File.WriteAllText(At("c.yaml"), "records: {queue: 1234}\nlogging: {level: info}\n");
        var client = Client(Serve("--http 127.0.0.1:0 --http unix:s.sock -c c.yaml"));
        File.WriteAllText(At("c.yaml"), "records: {queue: 5678}\nlogging: {level: warning}\n");
        Ctl("reload");

        var page = await client.GetStringAsync("/", Cancel);
        Assert.Matches("records.queue</th><td[^>]*><code>1234</code></td><td[^<]*c.yaml:1; at the next start 5678",
            page);
        Assert.Matches("logging.level</th><td[^>]*><code>warning</code>", page);
    }

    [Fact]
    public void Start_WithoutHttp_LoadsNoneOfThePage()
    {
        using var sensor = ProgramProcess.Start(Folder,
            "exec $serveflow serve bundle -r flows.pcap --speed 1 --eve quiet.json 2> quiet");
        ProgramProcess.Until(() => File.Exists(At("quiet.json")) && File.ReadLines(At("quiet.json")).Count() >= Flows);

        var maps = File.ReadAllText($"/proc/{sensor.Id}/maps");
        Assert.Contains("ServeFlow.Core.dll", maps);
        Assert.DoesNotContain("ServeFlow.Dashboard", maps);
        Assert.DoesNotContain("AspNetCore.Components", maps);
    }

    [Fact]
    public async Task Page_BeforeTheFirstPacket_SaysWhatToDo()
    {
        using var sensor = ProgramProcess.Start(Folder, "(head -c 24 flows.pcap; sleep 30) | $serveflow serve bundle "
            + "-r - --eve empty.json --http 127.0.0.1:0 2> empty");
        ProgramProcess.Until(() => File.Exists(At("empty")) && Address().IsMatch(File.ReadAllText(At("empty"))));

        var page = await Client(Address().Match(File.ReadAllText(At("empty"))).Groups[1].Value)
            .GetStringAsync("/", Cancel);
        Assert.Contains("No packet has come yet", page);
        Assert.Contains("The sensor waits for packets.", page);
        Assert.Contains("check the path and the filter", page);
    }

    IEnumerable<string> LoadedPages() => File.ReadLines($"/proc/{Process!.Id}/maps")
        .Where(line => line.Contains("ServeFlow.Dashboard", StringComparison.Ordinal));

    static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string address, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("token", token)]),
            Headers = { { "Origin", address.TrimEnd('/') } },
        };
        return await client.SendAsync(request, Cancel);
    }

    static async Task<HttpStatusCode> GetAsync(HttpClient client, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "Cookie", cookie } } };
        return (await client.SendAsync(request, Cancel)).StatusCode;
    }

    [GeneratedRegex("\"(/assets/[^\"]+)\"")]
    private static partial Regex Asset();

    [GeneratedRegex("serveflow_[a-z_]+(?=\")")]
    private static partial Regex Metric();

    [GeneratedRegex(@"answering HTTP on (\S+)")]
    private static partial Regex Address();
}
