using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A small server of the Open Inference Protocol, which answers as its test tells it to.</summary>
sealed class ModelServer : IAsyncDisposable
{
    const string JsonLength = "Inference-Header-Content-Length";

    readonly WebApplication app;

    ModelServer(WebApplication app) => this.app = app;

    /// <summary>Gets the address of its model.</summary>
    public string Url => $"{app.Urls.First()}/v2/models/slow";

    public int Port => new Uri(Url).Port;

    /// <summary>Gets or sets its metadata.</summary>
    public string Metadata { get; set; } = "";

    /// <summary>Gets or sets the handler of a request; it receives the number, from 0, and the rows.</summary>
    public Func<HttpContext, int, int, Task> Answer { get; set; } = (context, _, rows) => AnswerText(context, rows);

    /// <summary>Gets the rows of each request.</summary>
    public List<int> Requests { get; } = [];

    /// <summary>Gets the body of the latest request behind its JSON.</summary>
    public byte[] Binary { get; private set; } = [];

    /// <param name="port">0 for any.</param>
    public static async Task<ModelServer> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
        var server = new ModelServer(builder.Build());
        server.app.MapGet("/v2/models/slow", context => context.Response.WriteAsync(server.Metadata));
        server.app.MapPost("/v2/models/slow/infer", server.InferAsync);
        await server.app.StartAsync();
        return server;
    }

    public static string Describe(int columns, int classes, string datatype = "INT8", string output = "probabilities",
        string? shape = null) => $$"""
        {"name":"slow","platform":"onnxruntime_onnx","inputs":[{"name":"x","datatype":"{{datatype}}","shape":
        {{shape ?? $"[-1,{columns}]"}}}],"outputs":[{"name":"{{output}}","datatype":"FP32","shape":[-1,{{classes}}]},
        {"name":"label","datatype":"INT64","shape":[-1]}]}
        """;

    /// <summary>Answers as JSON: the second class, the more so the later the row.</summary>
    public static Task AnswerText(HttpContext context, int rows)
    {
        var data = string.Join(',', Enumerable.Range(0, rows).Select(row => $"[{1 - Second(row)},{Second(row)}]"));
        return context.Response.WriteAsync("{\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],"
            + "\"data\":[1]},{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":"
            + $"[{rows},2],\"data\":[{data}]}}]}}");
    }

    /// <summary>Answers the same in binary, behind numbers of another output.</summary>
    public static async Task AnswerBinary(HttpContext context, int rows)
    {
        var json = Encoding.UTF8.GetBytes("{\"outputs\":[{\"name\":\"label\",\"datatype\":\"INT64\",\"shape\":[1],"
            + "\"parameters\":{\"binary_data_size\":8}},{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":"
            + $"[{rows},2],\"parameters\":{{\"binary_data_size\":{rows * 8}}}}}]}}");
        context.Response.Headers[JsonLength] = $"{json.Length}";
        await context.Response.Body.WriteAsync((byte[])[.. json, .. new byte[8],
            .. Enumerable.Range(0, rows).SelectMany(row => (byte[])[.. BitConverter.GetBytes(1 - Second(row)),
                .. BitConverter.GetBytes(Second(row))])]);
    }

    /// <summary>Gets the probability of the second class that a row has.</summary>
    public static float Second(int row) => 0.5f + (row / 2048f);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    async Task InferAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var length = int.Parse(context.Request.Headers[JsonLength]!);
        var request = JsonDocument.Parse(body.ToArray().AsMemory(0, length)).RootElement;
        var input = request.GetProperty("inputs")[0];
        Binary = body.ToArray()[length..];
        if (input.GetProperty("parameters").GetProperty("binary_data_size").GetInt64() != Binary.Length)
        {
            context.Response.StatusCode = 400;
            return;
        }

        var rows = input.GetProperty("shape")[0].GetInt32();
        int number;
        lock (Requests)
        {
            number = Requests.Count;
            Requests.Add(rows);
        }

        await Answer(context, number, rows);
    }
}
