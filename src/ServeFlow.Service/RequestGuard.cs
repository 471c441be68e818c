using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>
/// Stands before every call: checks who asks and from where, and answers what goes wrong behind it as an object with an
/// <c>error</c>.
/// </summary>
/// <param name="access">Who may ask over TCP.</param>
/// <param name="pages">Pages for people, which check their own paths; null for none.</param>
/// <param name="report">Takes what an operator should know.</param>
sealed class RequestGuard(HttpAccess access, ISensorPages? pages, Action<string> report)
{
    /// <summary>Limits the pages that are open at a time: each is a connection, and is drawn each second.</summary>
    public const int MaxPages = 16;

    int openPages;

    public void Use(IApplicationBuilder app)
    {
        app.Use(CatchAsync);
        app.UseStatusCodePages(AnswerStatusAsync);
        app.Use(CheckAsync);
    }

    /// <summary>Answers requests that cannot be read, and failures of the sensor itself, which are reported.</summary>
    async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await SensorApi.WriteErrorAsync(context, e.StatusCode, $"the request: {e.Message.TrimEnd('.')}");
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && e is not BadHttpRequestException)
        {
            report($"{context.Request.Method} {InputException.Quote(context.Request.Path)}: failed: {e}");
            if (context.Response.HasStarted)
            {
                throw;
            }

            await SensorApi.WriteErrorAsync(context, StatusCodes.Status500InternalServerError,
                "the sensor failed to answer; its log says why");
        }
    }

    /// <summary>Says in words what a status without a body says.</summary>
    static Task AnswerStatusAsync(StatusCodeContext answered)
    {
        var context = answered.HttpContext;
        var path = InputException.Quote(context.Request.Path.Value ?? "");
        var status = context.Response.StatusCode;
        return SensorApi.WriteErrorAsync(context, status, status switch
        {
            StatusCodes.Status404NotFound => $"{path}: there is no such path",
            StatusCodes.Status405MethodNotAllowed => $"{InputException.Quote(context.Request.Method)}: is not allowed "
                + $"on {path}: give {context.Response.Headers.Allow}",
            StatusCodes.Status415UnsupportedMediaType => "Content-Type: is not one that this path takes",
            _ => $"{path}: is not answered (HTTP status {status})",
        });
    }

    Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (pages?.Owns(context.Request.Path) is true)
        {
            return pages.CheckAsync(context, IsConnecting(context.Request) ? _ => ConnectAsync(context, next) : next);
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        return Refuse(context) is var (status, message) ? RefuseAsync(context, status, message) : next(context);
    }

    static bool IsConnecting(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Connects a page for as long as it is open, if there is room for one more.</summary>
    async Task ConnectAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await (Interlocked.Increment(ref openPages) <= MaxPages ? next(context)
                : SensorApi.WriteLimitAsync(context, $"{MaxPages} pages are open already: close one of them first"));
        }
        finally
        {
            Interlocked.Decrement(ref openPages);
        }
    }

    Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (GrpcRoutes.IsCall(context.Request))
        {
            GrpcRoutes.RefuseEntry(context, status, message);
            return Task.CompletedTask;
        }

        access.AddChallenge(context.Response, status);
        return SensorApi.WriteErrorAsync(context, status, message);
    }

    /// <summary>Gets why a call is not answered; null where it is.</summary>
    (int Status, string Message)? Refuse(HttpContext context)
    {
        var request = context.Request;
        var isSocket = HttpAccess.IsSocket(context);
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isSocket && access.IsGuarded && !access.IsShown(context))
        {
            return (401, access.Refusal);
        }

        if (!isSocket && !access.IsGuarded && !HttpAddress.IsLoopbackName(request.Host.Host))
        {
            return (421, $"Host '{InputException.Quote(request.Host.Host)}': is not this machine's loopback address");
        }

        if (!isSocket && !access.IsGuarded && !isRead)
        {
            return (403, $"{InputException.Quote(request.Method)}: takes the Unix socket, a token "
                + "(--http-token-file) or a client certificate (--http-client-ca)");
        }

        if (!isSocket && !isRead && HttpAccess.IsFromElsewhere(request))
        {
            return (403, $"Origin '{InputException.Quote(request.Headers.Origin.ToString())}': is another site");
        }

        return !TakesBody(request) && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            ? (413, "this call takes no body: leave it out")
            : null;
    }

    /// <summary>The repository calls of the Open Inference Protocol may have parameters, inference has rows, and a call
    /// of gRPC is a body.</summary>
    static bool TakesBody(HttpRequest request) => request.Path.StartsWithSegments("/v2/repository")
        || InferenceApi.IsInference(request) || request.Path.StartsWithSegments(GrpcRoutes.Path);
}
