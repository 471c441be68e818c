using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ServeFlow.Cli.Tests.Serving.Hostile;

/// <summary>A model that can be asked, as its metadata describes it.</summary>
sealed record AskedModel(string Name, string Datatype, int Columns);

/// <summary>Makes requests that the sensor answers: each of its calls, with what the answer has to be.</summary>
/// <param name="host">What the header <c>Host</c> says.</param>
/// <param name="token">The token of the sensor.</param>
sealed class SensorRequests(Random random, string host, string token, IReadOnlyList<AskedModel> models)
{
    const string FormType = "application/x-www-form-urlencoded";

    static readonly string[] Reads =
    [
        "/healthz", "/readyz", "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/iot",
        "/v2/models/iot/ready", "/v2/models/sizes", "/api/status", "/api/stats", "/api/models", "/api/top",
        "/api/history", "/api/history?step=minute", "/metrics",
    ];

    /// <summary>Gives requests whose answers depend on those before: each is done, or refused as the state does not
    /// allow it.</summary>
    static readonly string[] Changes =
    [
        "/api/models/iot/activate", "/api/models/iot/versions/1/activate", "/api/models/other/shadow",
        "/api/models/other/canary?share=0.5", "/api/models/canary/stop", "/api/models/shadow/stop",
        "/api/models/rollback", "/v2/repository/models/other/load", "/v2/repository/models/other/unload",
    ];

    public string Token => token;

    /// <summary>Makes a request that only reads.</summary>
    public WireRequest Read() => New(random.Next(8) == 0 ? "HEAD" : "GET", Pick(Reads)) with { Status = 200 };

    /// <summary>Makes a request that changes the sensor, though never its packet path.</summary>
    public WireRequest Change() => random.Next(12) switch
    {
        0 => New("POST", "/api/log-level?level=info") with { Status = 200 },
        1 => New("POST", "/api/reload") with { Status = 200 },
        _ => New("POST", Pick(Changes)),
    };

    public WireRequest Index() =>
        Json("/v2/repository/index", Pick("{}", "{\"ready\":true}", "")) with { Status = 200 };

    public WireRequest Events() => New("GET", "/api/events?filter=" + Uri.EscapeDataString(
        Pick("port=53", "label=camera", "proto=udp,confidence<0.5", "address=10.0.0.0/8", "word", "")));

    public WireRequest Page() => random.Next(5) switch
    {
        0 => New("GET", "/") with { Status = 200 },
        1 => New("GET", "/sign-in") with { Status = 200 },
        2 => New("GET", "/assets/0/dashboard.css") with { Status = 404 },
        3 => Form("/sign-out", "") with { Status = 302 },
        _ => Form("/sign-in", $"token={token}") with { Status = 302 },
    };

    /// <summary>Makes a form of a page, as a browser sends it.</summary>
    public WireRequest Form(string path, string body)
    {
        var request = New("POST", path).With("Origin", $"http://{host}");
        return request.With("Content-Type", FormType) with { Body = Encoding.UTF8.GetBytes(body) };
    }

    public WireRequest Infer() => random.Next(2) == 0 ? InferText(Pick(models)) : InferBinary(Pick(models));

    public WireRequest InferText(AskedModel model, int? rows = null, string? field = null, string? by = null)
    {
        var count = rows ?? random.Next(1, 4);
        var tensor = new Dictionary<string, string>
        {
            ["name"] = "\"features\"",
            ["datatype"] = $"\"{model.Datatype}\"",
            ["shape"] = $"[{count},{model.Columns}]",
            ["data"] = $"[{string.Join(',', Numbers(model, count * model.Columns))}]",
        };
        if (field is not null)
        {
            tensor[field] = by!;
        }

        var fields = string.Join(',', tensor.Select(one => $"\"{one.Key}\":{one.Value}"));
        var request = Json($"/v2/models/{model.Name}/infer", $"{{\"id\":\"a\",\"inputs\":[{{{fields}}}]}}");
        return request with { Status = 200, Check = bytes => Problem(bytes, count) };
    }

    /// <param name="claimed">The header's length of the JSON; null for the right one.</param>
    /// <param name="columns">The columns that are said; null for those of the model.</param>
    public WireRequest InferBinary(AskedModel model, string? claimed = null, int? columns = null)
    {
        var count = random.Next(1, 4);
        var numbers = Numbers(model, count * model.Columns)
            .Select(text => float.Parse(text, CultureInfo.InvariantCulture));
        var tensor = model.Datatype == "INT8" ? [.. numbers.Select(number => (byte)(sbyte)number)]
            : MemoryMarshal.AsBytes<float>(numbers.ToArray()).ToArray();
        var json = Encoding.UTF8.GetBytes($"{{\"inputs\":[{{\"name\":\"features\",\"datatype\":\"{model.Datatype}\","
            + $"\"shape\":[{count},{columns ?? model.Columns}],\"parameters\":{{\"binary_data_size\":{tensor.Length}}}"
            + "}]}");
        var request = New("POST", $"/v2/models/{model.Name}/infer").With("Content-Type", "application/octet-stream")
            .With("Inference-Header-Content-Length", claimed ?? $"{json.Length}");
        return request with { Body = [.. json, .. tensor], Status = 200, Check = bytes => Problem(bytes, count) };
    }

    public WireRequest Json(string path, string body) =>
        New("POST", path).With("Content-Type", "application/json") with { Body = Encoding.UTF8.GetBytes(body) };

    public WireRequest New(string method, string target) =>
        new WireRequest(method, target).With("Host", host).With("Authorization", $"Bearer {token}");

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Finds what is wrong with the answer to an inference of some rows; null where nothing is.</summary>
    public static string? Problem(byte[] answer, int rows)
    {
        var outputs = JsonDocument.Parse(answer).RootElement.GetProperty("outputs").EnumerateArray().ToDictionary(
            output => output.GetProperty("name").GetString()!, output => output.GetProperty("data").GetArrayLength());
        return outputs.GetValueOrDefault("label", rows) == rows
            && outputs.GetValueOrDefault("probabilities", 2 * rows) == 2 * rows ? null : "is not an answer to each row";
    }

    IEnumerable<string> Numbers(AskedModel model, int count) => Enumerable.Range(0, count)
        .Select(_ => model.Datatype == "INT8" ? $"{random.Next(-1, 2)}"
            : (random.NextSingle() * random.Next(-1500, 1501)).ToString("R", CultureInfo.InvariantCulture));
}
