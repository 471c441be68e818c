using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Tests.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>
/// The program serves a loaded link while one model after another is activated over HTTP, every other one damaged.
/// Nothing of that shows in its answers. <c>SERVEFLOW_SWAPS</c> asks for more changes than the tests make by default.
/// </summary>
public sealed class ModelSwapsOnLinkTests : IDisposable
{
    const int Models = 6;
    const int FramesPerBatch = 128;

    /// <summary>Follows each batch of new flows, so that they are some ten thousand a second.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(6);

    static readonly int Swaps = int.Parse(Environment.GetEnvironmentVariable("SERVEFLOW_SWAPS") ?? "60",
        CultureInfo.InvariantCulture);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-swaps-").FullName;
    readonly CancellationTokenSource enough = new();
    readonly HttpClient client;

    public ModelSwapsOnLinkTests()
    {
        client = new(new SocketsHttpHandler { ConnectCallback = Connect }) { BaseAddress = new("http://localhost") };
        for (var i = 1; i <= Models; i++)
        {
            SmallBundle.Write(At("repo/iot"), packets: 1 + (i % 2));
            SmallBundle.Write(At("repo/torn"));
            Damage(i);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        enough.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Activate_EveryOtherModelDamaged_NoFlowUnansweredNoPacketLostMemoryFlat()
    {
        using var pair = VethPair.Create();
        Assert.SkipUnless(File.Exists(Repository.Program), "takes the program");
        using var process = pair.FarNamespace.Run(Start);
        try
        {
            var said = process.StandardError.ReadToEndAsync(Cancel);
            var printed = process.StandardOutput.ReadToEndAsync(Cancel);
            await Until(() => File.Exists(At("s.sock")));
            var sending = Task.Run(() => Send(pair), Cancel);
            var (settled, latest) = await Swap(process.Id);
            var changes = JsonDocument.Parse(await client.GetStringAsync("/api/models", Cancel)).RootElement
                .GetProperty("changes");
            await enough.CancelAsync();
            var sent = await sending;
            await Until(() => Read("/api/stats").GetProperty("packets").GetInt64() >= sent);
            await client.PostAsync("/api/stop", null, Cancel);
            await process.WaitForExitAsync(Cancel);

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{Swaps} swaps, {sent} flows, RSS {settled} then {latest} kB, {changes}");
            Assert.True(process.ExitCode == 0, await said);
            Check(JsonDocument.Parse(await printed).RootElement, sent);
            Assert.Equal((Swaps / 2, Swaps / 2), (changes.GetProperty("applied").GetInt64(),
                changes.GetProperty("refused").GetInt64()));
            Assert.InRange(latest, 0, settled + 100_000);
        }
        finally
        {
            process.Kill();
        }
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every flow was seen and answered once, by a model that is whole.</summary>
    void Check(JsonElement summary, long sent)
    {
        Assert.True(summary.GetProperty("balances").GetBoolean());
        Assert.Equal((sent, sent, 0), (summary.GetProperty("packets").GetInt64(),
            summary.GetProperty("flows").GetInt64(), summary.GetProperty("dropped").GetProperty("kernel").GetInt64()));
        Assert.Equal(sent, summary.GetProperty("tiers").EnumerateArray()
            .Sum(tier => tier.GetProperty("decisions").GetInt64()));
        var (flows, models) = (new HashSet<string>(), new HashSet<string>());
        foreach (var line in File.ReadLines(At("eve.json")))
        {
            using var record = JsonDocument.Parse(line);
            var answer = record.RootElement.GetProperty("serveflow");
            models.Add($"{answer.GetProperty("model")} {answer.GetProperty("model_version")}");
            Assert.True(flows.Add($"{record.RootElement.GetProperty("src_ip")}:"
                + $"{record.RootElement.GetProperty("src_port")}"));
        }

        Assert.Equal(sent, flows.Count);
        Assert.Equal(Enumerable.Range(1, Models).Select(version => $"iot {version}"), models.Order());
    }

    Process Start() => System.Diagnostics.Process.Start(new ProcessStartInfo(Repository.Program, ["serve", "repo",
        "--model", "iot@1", "-i", VethPair.Far, "--http", "unix:s.sock", "--output",
        "{format: eve, path: eve.json, events: [prediction]}", "--json", "--stats-interval", "0",
        "--udp-idle-timeout", "2"])
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Activates models in turn; gives the memory after a quarter of the changes, and at the end.</summary>
    async Task<(long Settled, long Latest)> Swap(int process)
    {
        var settled = 0L;
        for (var i = 0; i < Swaps; i++)
        {
            var version = 1 + ((i / 2 + 1) % Models);
            var name = i % 2 == 0 ? "iot" : "torn";
            using var response = await client.PostAsync($"/api/models/{name}/versions/{version}/activate", null,
                Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(response.StatusCode == (name == "iot" ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity),
                text);
            settled = i == Swaps / 4 ? Resident(process) : settled;
        }

        return (settled, Resident(process));
    }

    /// <summary>Sends new flows of one packet each until there were enough; gives their number.</summary>
    long Send(VethPair pair)
    {
        using var sender = pair.OpenSender();
        var frames = Enumerable.Range(0, FramesPerBatch).Select(_ => Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("10.0.0.0", "10.255.0.1", 17, Frame.Udp(0, 53, [])))).ToArray();
        var sent = 0L;
        while (!enough.IsCancellationRequested)
        {
            foreach (var frame in frames)
            {
                (frame[27], frame[28], frame[29]) = ((byte)(sent >> 30), (byte)(sent >> 22), (byte)(sent >> 14));
                (frame[34], frame[35]) = ((byte)(0x40 + ((sent >> 8) & 63)), (byte)sent);
                sent++;
            }

            sender.Send(frames);
            Thread.Sleep(Pause);
        }

        return sent;
    }

    /// <summary>Makes a version one that cannot be used, each time otherwise.</summary>
    void Damage(int version)
    {
        var file = At($"repo/torn/{version}/fast.txt");
        switch (version % 3)
        {
            case 0:
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
                break;
            case 1:
                File.WriteAllText(At($"repo/torn/{version}/{BundleFolder.ManifestName}"), "{");
                break;
            default:
                File.Delete(file);
                break;
        }
    }

    JsonElement Read(string path) =>
        JsonDocument.Parse(client.GetStringAsync(path, Cancel).GetAwaiter().GetResult()).RootElement;

    static async Task Until(Func<bool> isSo)
    {
        for (var i = 0; i < 600 && !isSo(); i++)
        {
            await Task.Delay(50, Cancel);
        }

        Assert.True(isSo());
    }

    /// <summary>Reads the memory of a process, in kB.</summary>
    static long Resident(int process) => long.Parse(File.ReadLines($"/proc/{process}/status")
        .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ',
            StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(At("s.sock")), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }

    string At(string name) => Path.Combine(folder, name);
}
