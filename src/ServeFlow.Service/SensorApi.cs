using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using ServeFlow.Service.Live;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Service;

/// <summary>Represents the calls: what each path answers. Errors are objects with an <c>error</c>.</summary>
sealed class SensorApi(IRunningSensor sensor)
{
    static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(10);

    /// <summary>Readers and pages stay for minutes, and one more request in ten seconds costs nothing.</summary>
    const string RetrySeconds = "10";

    /// <summary>Lists the extensions of the Open Inference Protocol that are spoken.</summary>
    static readonly string[] Extensions = ["model_repository", "binary_tensor_data"];

    /// <summary>Names the server in the Open Inference Protocol.</summary>
    public const string ServerName = "serveflow";

    public static string ServerVersion => typeof(SensorApi).Assembly.GetName().Version?.ToString(3) ?? "";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // quotes stay quotes: answers are JSON, and never HTML
    };

    public void Map(IEndpointRouteBuilder app)
    {
        MapHealth(app);
        app.MapRead("/api/status", () => Answer(sensor.DescribeStatus()))
            .Describe("Tells how the sensor is.", sensor.DescribeStatus);
        app.MapRead("/api/stats", () => Answer(sensor.DescribeStatistics()))
            .Describe("Gives the sensor's counts.", sensor.DescribeStatistics);
        app.MapRead("/api/models", () => Answer(sensor.DescribeModels()))
            .Describe("Tells which models answer, and which could.", sensor.DescribeModels);
        app.MapRead("/api/top", Top).Describe("Gives rates over the last seconds.", DescribeTop);
        app.MapRead("/api/history", History).Describe("Gives rates over five minutes, or over an hour.",
            () => HistoryDocument.From(sensor.History, byMinute: false), 400);
        app.MapGet("/api/events", FollowAsync).Describe(Events);
        app.MapPost("/api/log-level", SetLogLevel)
            .Describe("Sets the least level of messages.", () => new { LogLevel = "" }, 400);
        app.MapPost("/api/stop", Stop).Describe(Ending);
        app.MapPost("/api/reload", ReloadAsync).Describe("Reads the configuration and the models again.",
            () => new ReloadResult(true, []), 422, 504);
        new ModelApi(sensor.Models).Map(app);
        new FleetApi(() => sensor.Fleet).Map(app);
        new InferenceApi(sensor.Models).Map(app);
    }

    static CallDescription Events => new("Gives records as they are made, as server-sent events.", null)
    {
        Text = "text/event-stream",
        Errors = [400],
        IsLimited = true,
    };

    static CallDescription Ending => new("Ends the sensor in order.", () => new { Status = "" })
    {
        Status = StatusCodes.Status202Accepted,
    };

    void MapHealth(IEndpointRouteBuilder app)
    {
        app.MapRead("/healthz", () => Answer(new { Status = "ok" }))
            .Describe("Tells that the process lives.", () => new { Status = "" });
        app.MapRead("/readyz", () => Ready(Answer(new { Status = "ready" })))
            .Describe("Tells whether packets are taken.", () => new { Status = "" }, 503);
        app.MapRead("/v2", () => Answer(DescribeServer()))
            .Describe("Tells what the server is (Open Inference Protocol).", DescribeServer);
        app.MapRead("/v2/health/live", () => Results.Ok()).Describe("Tells that the process lives.", null);
        app.MapRead("/v2/health/ready", () => Ready(Results.Ok()))
            .Describe("Tells whether packets are taken.", null, 503);
    }

    IResult Ready(IResult answer) => sensor.Unready is { } reason
        ? Error(StatusCodes.Status503ServiceUnavailable, reason) : answer;

    static object DescribeServer() => new
    {
        Name = ServerName,
        Version = ServerVersion,
        Extensions,
    };

    IResult Top() => Answer(DescribeTop());

    TopDocument DescribeTop() => TopDocument.From(sensor.History);

    internal static IResult Answer(object value) => Results.Json(value, Json);

    internal static IResult Error(int status, string message) =>
        Results.Json(new { Error = message }, Json, statusCode: status);

    internal static Task WriteErrorAsync(HttpContext context, int status, string message) =>
        Error(status, message).ExecuteAsync(context);

    /// <summary>Answers one caller more than there may be, and says when to ask again.</summary>
    public static Task WriteLimitAsync(HttpContext context, string message)
    {
        context.Response.Headers.RetryAfter = RetrySeconds;
        return WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, message);
    }

    /// <param name="step">second or minute; by default second.</param>
    IResult History(string? step) => step is null or "second" or "minute"
        ? Answer(HistoryDocument.From(sensor.History, step == "minute"))
        : Error(StatusCodes.Status400BadRequest, $"step '{InputException.Quote(step)}': give second or minute");

    IResult SetLogLevel(string? level) => level is not null && sensor.TrySetLogLevel(level)
        ? Answer(new { LogLevel = level })
        : Error(StatusCodes.Status400BadRequest,
            $"level '{InputException.Quote(level ?? "")}': give error, warning or info");

    async Task FollowAsync(HttpContext context, string? filter, IHostApplicationLifetime life)
    {
        LiveRecords records;
        try
        {
            records = sensor.Follow(filter);
        }
        catch (InputException e)
        {
            await (e.IsLimitReached ? WriteLimitAsync(context, e.Message)
                : WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message));
            return;
        }

        using var stream = new EventStream(records);
        await stream.WriteAsync(context, context.RequestAborted, life.ApplicationStopping);
    }

    IResult Stop()
    {
        sensor.Stop();
        return Results.Json(new { Status = "stopping" }, Json, statusCode: StatusCodes.Status202Accepted);
    }

    async Task<IResult> ReloadAsync(CancellationToken cancel)
    {
        try
        {
            var result = await sensor.ReloadAsync(cancel).WaitAsync(ReloadPatience, cancel);
            return result.Applied ? Answer(result)
                : Error(StatusCodes.Status422UnprocessableEntity, string.Join("; ", result.Messages));
        }
        catch (TimeoutException)
        {
            return Error(StatusCodes.Status504GatewayTimeout, "the sensor did not read its configuration in time");
        }
    }
}
