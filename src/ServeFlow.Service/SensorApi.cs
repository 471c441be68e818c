using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using ServeFlow.Service.Live;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Service;

/// <summary>The calls: what each path answers. Errors are objects with an <c>error</c>.</summary>
/// <param name="token">The token to show; null where none is set, and only this machine is listened to.</param>
/// <param name="pages">Pages for people; null for none.</param>
sealed class SensorApi(IRunningSensor sensor, AccessToken? token, ISensorPages? pages)
{
    static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(10);

    /// <summary>Lists the extensions of the Open Inference Protocol that are spoken.</summary>
    static readonly string[] Extensions = ["model_repository", "binary_tensor_data"];

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // quotes stay quotes: answers are JSON, and never HTML
    };

    /// <summary>Adds the checks that come before every call.</summary>
    public void UseChecks(IApplicationBuilder app)
    {
        app.Use(CheckAsync);
        app.UseStatusCodePages(context => WriteErrorAsync(context.HttpContext, context.HttpContext.Response.StatusCode,
            context.HttpContext.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
                ? $"{context.HttpContext.Request.Method}: is not allowed on this path"
                : $"{context.HttpContext.Request.Path}: there is no such path"));
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Answer(new { Status = "ok" }));
        app.MapGet("/readyz", () => sensor.Unready is { } reason
            ? Error(StatusCodes.Status503ServiceUnavailable, reason)
            : Answer(new { Status = "ready" }));
        app.MapGet("/v2", () => Answer(new
        {
            Name = "serveflow",
            Version = typeof(SensorApi).Assembly.GetName().Version?.ToString(3) ?? "",
            Extensions,
        }));
        app.MapGet("/v2/health/live", () => Results.Ok());
        app.MapGet("/v2/health/ready", () => sensor.Unready is { } reason
            ? Error(StatusCodes.Status503ServiceUnavailable, reason) : Results.Ok());
        app.MapGet("/api/status", () => Answer(sensor.DescribeStatus()));
        app.MapGet("/api/stats", () => Answer(sensor.DescribeStatistics()));
        app.MapGet("/api/models", () => Answer(sensor.DescribeModels()));
        app.MapGet("/api/top", () => Answer(TopDocument.From(sensor.History)));
        app.MapGet("/api/history", History);
        app.MapGet("/api/events", FollowAsync);
        app.MapPost("/api/log-level", SetLogLevel);
        app.MapPost("/api/stop", Stop);
        app.MapPost("/api/reload", ReloadAsync);
        new ModelApi(sensor.Models).Map(app);
        new InferenceApi(sensor.Models).Map(app);
    }

    internal static IResult Answer(object value) => Results.Json(value, Json);

    internal static IResult Error(int status, string message) =>
        Results.Json(new { Error = message }, Json, statusCode: status);

    static Task WriteErrorAsync(HttpContext context, int status, string message) =>
        Error(status, message).ExecuteAsync(context);

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
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
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

    Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (pages?.Owns(context.Request.Path) is true)
        {
            return pages.CheckAsync(context, next);
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return Refuse(context) is var (status, message) ? RefuseAsync(context, status, message) : next(context);
    }

    static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return WriteErrorAsync(context, status, message);
    }

    /// <summary>Gets why a call is not answered; null where it is.</summary>
    (int Status, string Message)? Refuse(HttpContext context)
    {
        var request = context.Request;
        var isSocket = context.Connection.LocalIpAddress is null;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isSocket && token is not null && !token.IsShown(request.Headers.Authorization))
        {
            return (401, "Authorization: show the token, as 'Authorization: Bearer TOKEN'");
        }

        if (!isSocket && token is null && !HttpAddress.IsLoopbackName(request.Host.Host))
        {
            return (421, $"Host '{InputException.Quote(request.Host.Host)}': is not this machine's loopback address");
        }

        if (!isSocket && token is null && !isRead)
        {
            return (403, $"{request.Method}: takes the Unix socket, or a token (--http-token-file)");
        }

        return !TakesBody(request) && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            ? (413, "this call takes no body: leave it out")
            : null;
    }

    /// <summary>The repository calls of the Open Inference Protocol may have parameters, and inference has rows.
    /// </summary>
    static bool TakesBody(HttpRequest request) =>
        request.Path.StartsWithSegments("/v2/repository") || InferenceApi.IsInference(request);
}
