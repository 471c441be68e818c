using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServeFlow.Service.Fleets;

namespace ServeFlow.Service;

/// <summary>Represents the calls that show and change the fleet that a sensor belongs to.</summary>
/// <param name="find">Gives the fleet; null where there is none.</param>
sealed class FleetApi(Func<IFleetControl?> find)
{
    /// <summary>Holds the seconds that a change may take where none are given.</summary>
    const double UsualTime = 5;

    const double MaxTime = 600;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapRead("/api/fleet", () => TryAsync(fleet => fleet.Describe()))
            .Describe("Describes the sensors and workers of the cluster.", Described, 404, 422);
        app.MapPost("/api/fleet/rollback", (HttpContext caller, string? within) =>
            TryAsync(fleet => fleet.RollBack(ParseTime(within), CallerName.Find(caller))))
            .Describe("Has every sensor answer as before the last change.", Changed, 404, 422);
        MapLatest(app);
        MapVersions(app);
    }

    void MapLatest(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/fleet/models/{name}/publish", (HttpContext caller, string name, string? within) =>
            TryAsync(fleet => fleet.Publish(name, null, ParseTime(within), CallerName.Find(caller))))
            .Describe("Gives the latest version of this sensor to the cluster.", Changed, 404, 422);
        app.MapPost("/api/fleet/models/{name}/activate", (HttpContext caller, string name, string? within) =>
            TryAsync(fleet => fleet.Activate(name, null, ParseTime(within), CallerName.Find(caller))))
            .Describe("Has the latest version that was published answer on every sensor, or on none.", Changed,
                404, 422);
        app.MapPost("/api/fleet/models/{name}/canary",
            (HttpContext caller, string name, string? share, string? sensors, string? within) =>
            TryAsync(fleet => fleet.StartCanary(name, null, ParseShare(share), Split(sensors), ParseTime(within),
                CallerName.Find(caller))))
            .Describe("Has the latest version that was published answer some flows, or all of some sensors.", Changed,
                404, 422);
    }

    void MapVersions(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/fleet/models/{name}/versions/{version}/publish",
            (HttpContext caller, string name, string version, string? within) =>
            TryAsync(fleet => fleet.Publish(name, ModelApi.ParseVersion(version), ParseTime(within),
                CallerName.Find(caller))))
            .Describe("Gives a version of this sensor to the cluster.", Changed, 404, 422);
        app.MapPost("/api/fleet/models/{name}/versions/{version}/activate",
            (HttpContext caller, string name, string version, string? within) =>
            TryAsync(fleet => fleet.Activate(name, ModelApi.ParseVersion(version), ParseTime(within),
                CallerName.Find(caller))))
            .Describe("Has a version that was published answer on every sensor, or on none.", Changed, 404, 422);
        app.MapPost("/api/fleet/models/{name}/versions/{version}/canary",
            (HttpContext caller, string name, string version, string? share, string? sensors, string? within) =>
            TryAsync(fleet => fleet.StartCanary(name, ModelApi.ParseVersion(version), ParseShare(share), Split(sensors),
                ParseTime(within), CallerName.Find(caller))))
            .Describe("Has a version that was published answer some flows, or all of some sensors.", Changed, 404, 422);
    }

    static object Changed() => new FleetChangeDocument(null, 0, [], "", []);

    static object Described() => new FleetDocument("", 0, new(null, null, null, [], false), [], FleetTotals.Sum([]),
        [], [], []);

    static double ParseTime(string? text) => text is null ? UsualTime
        : ModelApi.TryParse(text, out var seconds) && seconds is > 0 and <= MaxTime ? seconds
        : throw new InputException($"within '{InputException.Quote(text)}': give seconds above 0 and at most "
            + $"{MaxTime}, as in ?within=5");

    static double ParseShare(string? text) => text is null ? 1 : ModelApi.ParseShare(text);

    static string[] Split(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Waits for the cluster on a thread of its own, so that other calls are answered meanwhile.</summary>
    Task<IResult> TryAsync<T>(Func<IFleetControl, T> call) where T : class => Task.Factory.StartNew(() => Try(call),
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    IResult Try<T>(Func<IFleetControl, T> call) where T : class
    {
        if (find() is not { } fleet)
        {
            return SensorApi.Error(StatusCodes.Status404NotFound,
                "the sensor belongs to no cluster: start it with --cluster");
        }

        try
        {
            return SensorApi.Answer(call(fleet));
        }
        catch (InputException e)
        {
            return SensorApi.Error(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }
}
