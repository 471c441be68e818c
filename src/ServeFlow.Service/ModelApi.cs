using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>
/// The calls that show and change models: our own, and the repository extension of the Open Inference Protocol, which
/// Triton's clients speak.
/// </summary>
sealed class ModelApi(IModelControl models)
{
    public void Map(IEndpointRouteBuilder app)
    {
        MapActivation(app);
        MapTrials(app);
        app.MapPost("/v2/repository/index", IndexAsync)
            .Describe(Taking(new { Ready = false }, "Lists the versions in the repository.", Array.Empty<ModelEntry>));
        app.MapPost("/v2/repository/models/{name}/load", LoadAsync)
            .Describe(Taking(new { Parameters = new { } }, "Makes the latest version ready.", Changed));
        app.MapPost("/v2/repository/models/{name}/unload", UnloadAsync)
            .Describe(Taking(new { Parameters = new { UnloadDependents = false } }, "Lets go of versions.", Changed));
    }

    void MapActivation(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/models/rollback", () => Change(models.RollBack))
            .Describe("Has the model answer that answered before.", Changed, 422);
        app.MapPost("/api/models/{name}/activate", (string name) => Change(() => models.Activate(name, null)))
            .Describe("Has the latest version answer.", Changed, 422);
        app.MapPost("/api/models/{name}/versions/{version}/activate", (string name, string version) =>
            Change(() => models.Activate(name, ParseVersion(version)))).Describe("Has a version answer.", Changed, 422);
    }

    void MapTrials(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/models/canary/stop", () => Change(models.StopCanary))
            .Describe("Ends the canary.", Changed, 422);
        app.MapPost("/api/models/shadow/stop", () => Change(models.StopShadow))
            .Describe("Ends the shadow.", Changed, 422);
        app.MapPost("/api/models/{name}/canary", (string name, string? share) =>
            Change(() => models.StartCanary(name, null, ParseShare(share))))
            .Describe("Has the latest version answer a share of the flows.", Changed, 422);
        app.MapPost("/api/models/{name}/versions/{version}/canary", (string name, string version, string? share) =>
            Change(() => models.StartCanary(name, ParseVersion(version), ParseShare(share))))
            .Describe("Has a version answer a share of the flows.", Changed, 422);
        app.MapPost("/api/models/{name}/shadow", (string name) => Change(() => models.StartShadow(name, null)))
            .Describe("Has the latest version answer all flows for comparison.", Changed, 422);
        app.MapPost("/api/models/{name}/versions/{version}/shadow", (string name, string version) =>
            Change(() => models.StartShadow(name, ParseVersion(version))))
            .Describe("Has a version answer all flows for comparison.", Changed, 422);
    }

    static object Changed() => new ModelChange("", "", 0, []);

    static CallDescription Taking(object body, string summary, Func<object> answer) => new(summary, answer)
    {
        Body = body,
        Errors = [400, 415, 422],
    };

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

    internal static int ParseVersion(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version : throw new InputException($"version '{InputException.Quote(text)}': give a number from 1 on");

    internal static bool TryParse(string? text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    internal static double ParseShare(string? text) =>
        TryParse(text, out var share) && share is > 0 and <= 1
            ? share : throw new InputException($"share '{InputException.Quote(text ?? "")}': give a number above 0 and "
                + "at most 1, such as 0.1");

    /// <summary>Answers the index; of ready models alone where the body is <c>{"ready":true}</c>.</summary>
    Task<IResult> IndexAsync(HttpRequest request) => ReadAsync(request, "ready", body =>
    {
        var isReady = body is { ValueKind: JsonValueKind.True } || (body is null or { ValueKind: JsonValueKind.False }
            ? false : throw RequestException.Field("ready", "give true or false"));
        return SensorApi.Answer(models.List().Where(entry => !isReady || entry.State == "READY"));
    });

    Task<IResult> LoadAsync(HttpRequest request, string name) => ReadAsync(request, "parameters", parameters =>
    {
        CheckParameters(parameters, "");
        return SensorApi.Answer(models.Load(name));
    });

    Task<IResult> UnloadAsync(HttpRequest request, string name) => ReadAsync(request, "parameters", parameters =>
    {
        CheckParameters(parameters, "unload_dependents");
        return SensorApi.Answer(models.Unload(name));
    });

    /// <summary>Checks parameters: models are loaded as they lie in the repository, and none depends on another.
    /// </summary>
    /// <param name="known">The name of the one that may be given, true or false; empty for none.</param>
    static void CheckParameters(JsonElement? parameters, string known)
    {
        if (parameters is not { } given)
        {
            return;
        }

        Require(given.ValueKind == JsonValueKind.Object, "parameters", "give an object");
        foreach (var (name, value) in RequestBody.ReadFields(given, "parameters"))
        {
            var field = $"parameters.{InputException.Quote(name)}";
            Require(name == known, field, "is not known: a model is loaded as it lies in the repository");
            Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, field, "give true or false");
        }
    }

    static void Require(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw RequestException.Field(field, problem);
        }
    }

    /// <summary>Reads a body with one field, which may be left out, and answers.</summary>
    static async Task<IResult> ReadAsync(HttpRequest request, string field, Func<JsonElement?, IResult> answer)
    {
        try
        {
            var body = await RequestBody.ReadObjectAsync(request);
            var fields = body is { } given ? RequestBody.ReadFields(given, "the body") : [];
            foreach (var (name, _) in fields)
            {
                Require(name == field, InputException.Quote(name), $"is no field; there is {field}");
            }

            return answer(fields.Count > 0 ? fields[^1].Value : null);
        }
        catch (RequestException e)
        {
            return SensorApi.Error(e.Status, e.Message);
        }
        catch (InputException e)
        {
            return SensorApi.Error(StatusCodes.Status422UnprocessableEntity, e.Message);
        }
    }
}
