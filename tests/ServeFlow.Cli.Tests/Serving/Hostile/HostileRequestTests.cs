using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving.Hostile;

/// <summary>
/// Ten thousand requests, sound, wrong and mutated, over real sockets to a sensor that runs: each gets the answer that
/// is right, and the sensor goes on as if nothing had been asked.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class HostileRequestTests : ServedSensor
{
    const int Requests = 10_000;
    const int Lanes = 12;

    readonly ConcurrentQueue<string> failures = [];
    readonly int[] counts = new int[600];

    [Fact]
    public async Task Requests_SoundWrongAndMutated_AreAnsweredAndLeaveTheSensorAsItWas()
    {
        WriteRepository();
        var address = new Uri(Serve("--model iot --http 127.0.0.1:0 --http unix:s.sock --http-token-file token "
            + "-c c.yaml", "repo"));
        using var client = Client(address.ToString());
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var models = await Task.WhenAll(Describe(client, "iot"), Describe(client, "sizes"));
        var before = await Counters(client);
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, Lanes, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (lane, _) =>
            await RunAsync(lane, address, models));

        TestContext.Current.SendDiagnosticMessage($"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s; by status: "
            + string.Join(", ", counts.Index().Where(one => one.Item > 0).Select(one => $"{one.Index} {one.Item}")));
        Assert.True(failures.IsEmpty, $"{failures.Count} failed:\n{string.Join("\n----\n", failures.Take(12))}");
        Assert.Equal("""{"status":"ready"}""", await client.GetStringAsync("/readyz", Cancel));
        Assert.Equal(before, await Counters(client));
        Assert.DoesNotMatch(" error | warning |[Ee]xception|   at ", File.ReadAllText(At("said")));
        Assert.Contains("\"ready\":true", Ctl("status --json"));
    }

    async Task RunAsync(int lane, Uri address, IReadOnlyList<AskedModel> models)
    {
        var random = new Random(9100 + lane);
        var sound = new SensorRequests(random, address.Authority, Token, models);
        var hostile = new HostileRequests(random, sound, models);
        using var connection = new WireConnection(() => Connect(new(IPAddress.Loopback, address.Port)));
        for (var i = lane; i < Requests; i += Lanes)
        {
            var request = random.Next(100) switch
            {
                < 25 => random.Next(20) switch
                {
                    < 9 => sound.Read(),
                    < 15 => sound.Infer(),
                    < 17 => sound.Index(),
                    < 19 => sound.Page(),
                    _ => sound.Change(),
                },
                < 60 => hostile.Named(),
                < 92 => hostile.Mutated(),
                _ => hostile.Garbage(),
            };
            var answer = await connection.SendAsync(request, Cancel);
            Interlocked.Increment(ref counts[answer.Status]);
            if (FindProblem(request, answer) is { } problem)
            {
                failures.Enqueue($"{problem}\n{request}\n=> {answer.Status} {answer.Text}");
            }
        }
    }

    /// <summary>Finds what is wrong with an answer; null where nothing is.</summary>
    static string? FindProblem(WireRequest request, WireAnswer answer)
    {
        if (request.Raw is not null)
        {
            return answer.Status is 0 or 505 or (>= 200 and < 500) ? null : "bytes that are no HTTP";
        }

        return answer.Status is not (>= 200 and < 500) ? "the status"
            : request.Status is { } wanted && answer.Status != wanted ? $"the status, which should be {wanted}"
            : answer.Status >= 400 && request.Method != "HEAD" && !IsOfServer(request, answer)
                ? FindErrorProblem(request, answer)
            : answer.Status == 200 ? request.Check?.Invoke(answer.Body) ?? FindJsonProblem(answer) : null;
    }

    /// <summary>
    /// Requests that are no HTTP are refused by the server itself, without a body; the pages' own protocol has words.
    /// </summary>
    static bool IsOfServer(WireRequest request, WireAnswer answer) => answer.Body.Length == 0
        && answer.Headers.GetValueOrDefault("connection") == "close" && request.Status is null;

    static string? FindErrorProblem(WireRequest request, WireAnswer answer)
    {
        try
        {
            var error = JsonDocument.Parse(answer.Body).RootElement.GetProperty("error").GetString()!;
            return error.Length == 0 || error.Any(char.IsControl) ? "the error's text"
                : error.Contains(request.Named, StringComparison.Ordinal) ? null : $"does not name {request.Named}";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "the error is no object with an error";
        }
    }

    static string? FindJsonProblem(WireAnswer answer)
    {
        try
        {
            return answer.Body.Length > 0
                && answer.Headers.GetValueOrDefault("content-type", "").Contains("json", StringComparison.Ordinal)
                && JsonDocument.Parse(answer.Body) is null ? "no JSON" : null;
        }
        catch (JsonException)
        {
            return "the answer is no JSON";
        }
    }

    void WriteRepository()
    {
        SmallBundle.Write(At("repo/iot"));
        SmallBundle.Write(At("repo/iot"), packets: 2);
        SmallBundle.Write(At("repo/other"));
        var schema = FeatureSchema.Parse("nprint:udp+size+iat", "none");
        BundleWriter.Write(At("repo/sizes"), SmallBundle.NewManifest() with
        {
            Features = new(schema.Set, schema.Mask, schema.Hash),
        }, SmallBundle.Models);
    }

    static async Task<AskedModel> Describe(HttpClient client, string name)
    {
        using var load = await client.PostAsync($"/v2/repository/models/{name}/load", null, Cancel);
        var input = JsonDocument.Parse(await client.GetStringAsync($"/v2/models/{name}", Cancel)).RootElement
            .GetProperty("inputs")[0];
        return new(name, input.GetProperty("datatype").GetString()!, input.GetProperty("shape")[1].GetInt32());
    }

    /// <summary>Reads what the packet path has counted.</summary>
    static async Task<string> Counters(HttpClient client) => string.Join('\n',
        Counter().Matches(await client.GetStringAsync("/metrics", Cancel)).Select(match => match.Value).Order());

    static Socket Connect(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        return socket;
    }

    [GeneratedRegex(@"(?m)^serveflow_(packets|flows|decisions|records)[a-z_]*(\{[^}]*\})? [0-9.eE+]+")]
    private static partial Regex Counter();
}
