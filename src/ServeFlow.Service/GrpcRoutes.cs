using System.Globalization;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>Serves inference by gRPC. Its libraries are loaded only where an address of gRPC is listened on.</summary>
static class GrpcRoutes
{
    public const string Path = "/inference.GRPCInferenceService";

    const string ContentType = "application/grpc";

    /// <summary>Limits the requests for inference that are in memory at a time: each may have 8 MiB, and becomes some
    /// times that as it is read.</summary>
    const int MaxRequests = 4;

    /// <summary>Limits how long a request waits until others are answered, and how long it may take to come after that:
    /// a caller that sends slowly keeps others waiting.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly SemaphoreSlim Requests = new(MaxRequests);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddServices(IServiceCollection services, IRunningSensor sensor)
    {
        services.AddGrpc(options => options.MaxReceiveMessageSize = InferenceApi.MaxBytes);
        services.AddSingleton(new GrpcInference(sensor));
    }

    /// <summary>Answers nothing but inference at addresses of gRPC.</summary>
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            return next(context);
        }

        if (!context.Request.Path.StartsWithSegments(Path))
        {
            return SensorApi.WriteErrorAsync(context, StatusCodes.Status404NotFound,
                $"{InputException.Quote(context.Request.Path)}: this address answers inference by gRPC alone");
        }

        if (context.Request.Headers["grpc-encoding"].ToString() is not ("" or "identity"))
        {
            Refuse(context, StatusCode.Unimplemented, "grpc-encoding: send messages as they are, not compressed");
            return Task.CompletedTask; // a small message may not become a large one
        }

        return context.Request.Path.StartsWithSegments($"{Path}/ModelInfer") ? InferAsync(context, next)
            : next(context);
    }

    /// <summary>Determines whether a request is a call of gRPC, whose caller reads a status of gRPC and no other.
    /// </summary>
    public static bool IsCall(HttpRequest request) => request.Path.StartsWithSegments(Path)
        && request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Answers a call that is not let in, by the status of gRPC that means what one of HTTP does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void RefuseEntry(HttpContext context, int status, string message) => Refuse(context,
        status == StatusCodes.Status401Unauthorized ? StatusCode.Unauthenticated : StatusCode.PermissionDenied,
        message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Map(IEndpointRouteBuilder app) => app.MapGrpcService<GrpcInference>();

    static async Task InferAsync(HttpContext context, RequestDelegate next)
    {
        if (!await Requests.WaitAsync(Patience, context.RequestAborted))
        {
            Refuse(context, StatusCode.Unavailable, "other requests are being answered: ask again");
            return;
        }

        try
        {
            await CheckMessageAsync(context, next);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            Refuse(context, StatusCode.ResourceExhausted,
                $"the message is larger than the {InferenceApi.MaxBytes} bytes that are taken");
        }
        finally
        {
            Requests.Release();
        }
    }

    /// <summary>Hands a request on when its message has come, and is known to become few objects.</summary>
    static async Task CheckMessageAsync(HttpContext context, RequestDelegate next)
    {
        const int most = InferenceApi.MaxBytes + GrpcMessage.HeaderBytes;
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = most;
        using var body = new PooledBody();
        using (var limit = new CancellationTokenSource(Patience))
        using (limit.Token.Register(context.Abort))
        {
            await body.ReadAsync(context.Request.BodyReader, most, context.RequestAborted);
        }

        if (!GrpcMessage.HasFewFields(body))
        {
            Refuse(context, StatusCode.InvalidArgument, "the message has more fields than a request needs: give one "
                + "input, and its numbers in raw_input_contents, or packed in contents");
            return;
        }

        context.Request.Body = body.OpenRead();
        await next(context);
    }

    /// <summary>Answers a call by a status alone, as gRPC does.</summary>
    static void Refuse(HttpContext context, StatusCode status, string message)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }
}
