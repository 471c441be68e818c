using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ServeFlow.Service;

/// <summary>
/// Pages for people, served beside the calls for programs. They check the requests for their own paths: a browser shows
/// a cookie where a program shows the token.
/// </summary>
public interface ISensorPages
{
    /// <summary>Adds the services that the pages need.</summary>
    void AddServices(IServiceCollection services, IRunningSensor sensor, HttpAccess access);

    /// <summary>Determines whether a path is one of the pages' own.</summary>
    bool Owns(PathString path);

    /// <summary>Checks a request for one of these paths, and passes it on or refuses it.</summary>
    Task CheckAsync(HttpContext context, RequestDelegate next);

    /// <summary>Adds the pages' paths, behind routing.</summary>
    void Map(WebApplication app);

    /// <summary>Shows the pages to nobody, so that their code is compiled before somebody asks for them.</summary>
    /// <param name="services">The server's, which has started.</param>
    /// <param name="answer">Answers a request as the server does once the caller is known.</param>
    Task WarmUpAsync(IServiceProvider services, RequestDelegate answer);
}
