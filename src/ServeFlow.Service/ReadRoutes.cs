using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ServeFlow.Service;

/// <summary>Maps the calls that only read.</summary>
static class ReadRoutes
{
    /// <summary>Load balancers ask with HEAD whether a sensor lives.</summary>
    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string path, Delegate handler) =>
        app.MapMethods(path, Methods, handler);
}
