using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ServeFlow.Service;

/// <summary>
/// The calls that show and change models: our own, and the repository extension of the Open Inference Protocol, which
/// Triton's clients speak.
/// </summary>
sealed class ModelApi(IModelControl models)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/models/rollback", () => Change(models.RollBack));
        app.MapPost("/api/models/{name}/activate", (string name) => Change(() => models.Activate(name, null)));
        app.MapPost("/api/models/{name}/versions/{version}/activate", (string name, string version) =>
            Change(() => models.Activate(name, ParseVersion(version))));
        app.MapPost("/api/models/canary/stop", () => Change(models.StopCanary));
        app.MapPost("/api/models/shadow/stop", () => Change(models.StopShadow));
        app.MapPost("/api/models/{name}/canary", (string name, string? share) =>
            Change(() => models.StartCanary(name, null, ParseShare(share))));
        app.MapPost("/api/models/{name}/versions/{version}/canary", (string name, string version, string? share) =>
            Change(() => models.StartCanary(name, ParseVersion(version), ParseShare(share))));
        app.MapPost("/api/models/{name}/shadow", (string name) => Change(() => models.StartShadow(name, null)));
        app.MapPost("/api/models/{name}/versions/{version}/shadow", (string name, string version) =>
            Change(() => models.StartShadow(name, ParseVersion(version))));
        app.MapPost("/v2/repository/index", IndexAsync);
        app.MapPost("/v2/repository/models/{name}/load", (string name) => Change(() => models.Load(name)));
        app.MapPost("/v2/repository/models/{name}/unload", (string name) => Change(() => models.Unload(name)));
    }

    static IResult Change(Func<ModelChange> change)
    {
        try
        {
            return SensorApi.Answer(change());
        }
        catch (InputException e)
        {
            return SensorApi.Error(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }

    static int ParseVersion(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version : throw new InputException($"version '{InputException.Quote(text)}': give a number from 1 on");

    static double ParseShare(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and <= 1
            ? share : throw new InputException($"share '{InputException.Quote(text ?? "")}': give a number above 0 and "
                + "at most 1, as in ?share=0.1");

    /// <summary>Answers the index; of ready models alone where the body is <c>{"ready":true}</c>.</summary>
    async Task<IResult> IndexAsync(HttpRequest request)
    {
        try
        {
            var isReady = await ReadReadyAsync(request);
            return SensorApi.Answer(models.List().Where(entry => !isReady || entry.State == "READY"));
        }
        catch (JsonException)
        {
            return SensorApi.Error(StatusCodes.Status400BadRequest,
                "the body is no JSON object with 'ready', true or false: leave it out for all models");
        }
        catch (InputException e)
        {
            return SensorApi.Error(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }

    static async Task<bool> ReadReadyAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        return root.ValueKind != JsonValueKind.Object ? throw new JsonException()
            : root.TryGetProperty("ready", out var ready) && (ready.ValueKind is JsonValueKind.True
                || (ready.ValueKind is not JsonValueKind.False ? throw new JsonException() : false));
    }
}
