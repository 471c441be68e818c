using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ServeFlow.Dashboard.Access;
using ServeFlow.Dashboard.Assets;
using ServeFlow.Dashboard.Feeds;
using ServeFlow.Dashboard.Pages;
using ServeFlow.Service;

namespace ServeFlow.Dashboard;

/// <summary>Represents the dashboard: a page that shows a running sensor, at the root of its HTTP address.</summary>
public sealed class DashboardPages : ISensorPages
{
    /// <summary>A browser that is gone for longer gets a page of its own when it comes back.</summary>
    static readonly TimeSpan Retention = TimeSpan.FromSeconds(60);

    PageAccess access = new(HttpAccess.Open);

    public void AddServices(IServiceCollection services, IRunningSensor sensor, HttpAccess access)
    {
        this.access = new(access);
        services.AddRouting();
        services.AddHttpContextAccessor();

        // Nothing that it protects outlives the process, so no key is written to a disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DisconnectedCircuitMaxRetained = 8;
            options.DisconnectedCircuitRetentionPeriod = Retention;
            options.MaxBufferedUnacknowledgedRenderBatches = 4;
        });
        services.AddSingleton(this.access);
        services.AddSingleton(new EmbeddedAssets());
        services.AddSingleton(sensor);
        services.AddSingleton<SensorFeed>();
        services.AddSingleton<ModelActions>();
        services.AddScoped<FlowFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<SensorFeed>());
    }

    public bool Owns(PathString path) => PageAccess.Owns(path);

    public Task CheckAsync(HttpContext context, RequestDelegate next) => access.CheckAsync(context, next);

    public void Map(WebApplication app)
    {
        app.UseAntiforgery();
        app.MapGet(PageAccess.Assets + "/{version}/{name}", GetAsset);
        app.MapGet(PageAccess.SignIn, (HttpContext context) => new RazorComponentResult<SignIn>(
            new { IsWrong = context.Request.Query.ContainsKey("wrong") }));
        app.MapPost(PageAccess.SignIn, (Delegate)access.SignInAsync).DisableAntiforgery();
        app.MapPost(PageAccess.SignOut, (Delegate)access.SignUserOut);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
            options.DisableWebSocketCompression = true);
    }

    public async Task WarmUpAsync(IServiceProvider services, RequestDelegate answer)
    {
        var assets = services.GetRequiredService<EmbeddedAssets>();
        foreach (var path in new[] { "/", assets.Path("dashboard.css"), $"{PageAccess.Circuit}/initializers" })
        {
            await AskAsync(services.GetRequiredService<IHttpContextFactory>(), answer, path);
        }
    }

    /// <summary>Has a path answered to nobody.</summary>
    static async Task AskAsync(IHttpContextFactory contexts, RequestDelegate answer, string path)
    {
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = HttpMethods.Get,
            Scheme = "http",
            Path = path,
            Headers = { Host = "localhost" },
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        var context = contexts.Create(features);
        try
        {
            await answer(context);
            if (context.Response.StatusCode != StatusCodes.Status200OK)
            {
                throw new InvalidOperationException($"{path}: is answered {context.Response.StatusCode}");
            }
        }
        finally
        {
            contexts.Dispose(context);
        }
    }

    static IResult GetAsset(HttpContext context, EmbeddedAssets assets, string version, string name)
    {
        if (assets.Find(version, name) is not var (bytes, type))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(bytes, type);
    }
}
