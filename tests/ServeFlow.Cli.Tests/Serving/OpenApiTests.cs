using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>The document of a running sensor: it reads without an error and has every call that there is.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class OpenApiTests : ServedSensor
{
    [Fact]
    public async Task Document_OfARunningSensor_HasEveryRouteWithItsTypesAndErrors()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        var text = await client.GetStringAsync("openapi.json", Cancel);

        var (document, diagnostic) = OpenApiDocument.Parse(text, "json");
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        var calls = document!.Paths.SelectMany(path => path.Value.Operations!.Select(operation =>
            (Path: path.Key, Method: operation.Key, Call: operation.Value))).ToList();
        Assert.Equal(Routes().Order(), calls.Select(call => $"{call.Method} {call.Path}").Order());
        Assert.Equal(calls.Count, calls.Select(call => call.Call.OperationId).Distinct().Count());
        Assert.All(calls, call => Assert.EndsWith(".", call.Call.Summary, StringComparison.Ordinal));
        Assert.All(calls.Where(call => call.Path is not ("/metrics" or "/openapi.json")), call =>
            Assert.All(call.Call.Responses!.Where(response => response.Key[0] != '2'), response => Assert.Equal(
                ["error"], response.Value.Content!["application/json"].Schema!.Properties!.Keys)));
    }

    [Theory]
    [InlineData("/api/stats", "packets", "integer")]
    [InlineData("/api/stats", "tiers", "array")]
    [InlineData("/api/status", "model_version", "string")]
    [InlineData("/api/top", "packets_per_second", "number")]
    [InlineData("/v2/models/{name}", "parameters", "object")]
    public async Task Document_AnswersOfCalls_AreTypedAsTheyAreWritten(string path, string field, string type)
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        var root = JsonDocument.Parse(await client.GetStringAsync("openapi.json", Cancel)).RootElement;
        var schema = Follow(root, root.GetProperty("paths").GetProperty(path).GetProperty("get")
            .GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json")
            .GetProperty("schema"));
        var answer = JsonDocument.Parse(await client.GetStringAsync(path.Replace("{name}", "bundle",
            StringComparison.Ordinal), Cancel)).RootElement;

        Assert.Superset(answer.EnumerateObject().Select(one => one.Name).ToHashSet(),
            schema.GetProperty("properties").EnumerateObject().Select(one => one.Name).ToHashSet());
        var typed = Follow(root, schema.GetProperty("properties").GetProperty(field)).GetProperty("type");
        Assert.Contains(type, $"{typed}", StringComparison.Ordinal);
    }

    static JsonElement Follow(JsonElement root, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var target) ? target.GetString()!.Split('/').Skip(1)
            .Aggregate(root, (place, name) => place.GetProperty(name)) : schema;

    /// <summary>Finds the routes that the sources map.</summary>
    static IEnumerable<string> Routes()
    {
        var models = new[] { "/v2/models/{name}", "/v2/models/{name}/versions/{version}" };
        var sources = string.Concat(Directory.EnumerateFiles(
            Path.Combine(Repository.Root, "src", "ServeFlow.Service"), "*.cs").Select(File.ReadAllText));
        return Mapped().Matches(sources).SelectMany(match =>
            (match.Groups[2].Value.StartsWith('/') ? [match.Groups[2].Value]
                : models.Select(model => model + match.Groups[2].Value.Replace("{path}", "", StringComparison.Ordinal)))
            .Select(path => $"{(match.Groups[1].Value == "Post" ? "POST" : "GET")} {path}"))
            .Concat(models.Select(model => $"GET {model}"))
            .Concat(["GET /metrics", "GET /openapi.json"]);
    }

    [GeneratedRegex("""\.Map(Read|Get|Post|Put|Delete)\(\$?"([^"]+)""")]
    private static partial Regex Mapped();
}
