using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ServeFlow.Service;

/// <summary>Serves inference by gRPC. Its libraries are loaded only where an address of gRPC is listened on.</summary>
static class GrpcRoutes
{
    const string Path = "/inference.GRPCInferenceService";

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

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize =
            InferenceApi.MaxBytes;
        return next(context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Map(IEndpointRouteBuilder app) => app.MapGrpcService<GrpcInference>();
}
