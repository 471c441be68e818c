using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using ServeFlow.Cascade;
using ServeFlow.Service.Inference;

namespace ServeFlow.Service;

/// <summary>Represents the inference calls of the Open Inference Protocol: what a model takes, and its answers to
/// rows.</summary>
sealed class InferenceApi(IModelControl models)
{
    /// <summary>Limits a request's body: 1,024 rows of the widest matrices that are usual.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>Limits the requests that are computed at a time, so that workers keep their cores.</summary>
    const int MaxConcurrent = 2;

    const string JsonLength = "Inference-Header-Content-Length";

    public static readonly SemaphoreSlim Gate = new(MaxConcurrent);

    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var path in new[] { "/v2/models/{name}", "/v2/models/{name}/versions/{version}" })
        {
            app.MapRead(path, (string name, string? version) => Answer(name, version, plan =>
                SensorApi.Answer(Describe(plan))))
                .Describe("Tells what a model takes and gives.", () => Describe(models.ReadyPlans()[0]), 404);
            app.MapRead($"{path}/ready", (string name, string? version) => Answer(name, version, _ => Results.Ok()))
                .Describe("Tells whether a model can be asked.", null, 404);
            app.MapPost($"{path}/infer", InferAsync).Describe(Inference);
        }
    }

    static CallDescription Inference => new("Answers rows of a feature matrix.", () => Tensors("outputs"))
    {
        Body = Tensors("inputs"),
        Errors = [400, 404, 415],
    };

    object Describe(CascadePlan plan) => new ModelSignature(plan).Describe(
        [.. models.ReadyPlans().Where(one => one.Name == plan.Name).Select(one => one.Version)]);

    /// <summary>Makes a request or an answer, whose type the document describes.</summary>
    static object Tensors(string kind)
    {
        var tensors = new[]
        {
            new { Name = "", Datatype = "", Shape = Array.Empty<long>(), Data = Array.Empty<object>() },
        };
        return kind == "inputs" ? new { Id = "", Inputs = tensors, Outputs = new[] { new { Name = "" } } }
            : new { ModelName = "", ModelVersion = "", Id = "", Outputs = tensors };
    }

    /// <summary>Determines whether a request is one for inference, which has a body.</summary>
    public static bool IsInference(HttpRequest request) => request.Path.StartsWithSegments("/v2/models")
        && request.Path.Value!.TrimEnd('/').EndsWith("/infer", StringComparison.OrdinalIgnoreCase);

    IResult Answer(string name, string? version, Func<CascadePlan, IResult> answer)
    {
        try
        {
            return answer(Find(models, name, version));
        }
        catch (RequestException e)
        {
            return SensorApi.Error(e.Status, e.Message);
        }
    }

    /// <summary>Finds a model that is in use, or was made ready.</summary>
    /// <exception cref="RequestException">There is none of that name and version.</exception>
    public static CascadePlan Find(IModelControl models, string name, string? version)
    {
        var plans = models.ReadyPlans();
        var known = string.Join(", ", plans.Select(plan => $"{plan.Name} {plan.Version}"));
        return plans.FirstOrDefault(plan => plan.Name == name && (version is null || plan.Version == version))
            ?? throw new RequestException(404, $"model '{InputException.Quote(name)}'"
                + (version is null ? "" : $", version '{InputException.Quote(version)}'")
                + (plans.Any(plan => plan.Name == name) ? ": is not ready"
                    : ": there is none of this name that is ready")
                + $"; ready are {known}. POST /v2/repository/models/NAME/load makes one of the repository ready");
    }

    async Task InferAsync(HttpContext context, string name, string? version)
    {
        try
        {
            var plan = Find(models, name, version);
            CheckHead(context);
            using var body = new PooledBody();
            await RequestBody.ReadAsync(() => body.ReadAsync(context.Request.BodyReader, MaxBytes,
                context.RequestAborted));
            var answer = await AnswerAsync(plan, context, body);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        }
        catch (RequestException e)
        {
            await SensorApi.Error(e.Status, e.Message).ExecuteAsync(context);
        }
    }

    static async Task<ReadOnlyMemory<byte>> AnswerAsync(CascadePlan plan, HttpContext context, PooledBody body)
    {
        var length = FindJsonLength(context.Request, body.Length);
        await Gate.WaitAsync(context.RequestAborted);
        try
        {
            return Predictor.Answer(plan, body.Bytes, length);
        }
        finally
        {
            Gate.Release();
        }
    }

    static void CheckHead(HttpContext context)
    {
        var request = context.Request;
        RequestBody.CheckType(request, "application/octet-stream");
        if (request.ContentLength > MaxBytes)
        {
            throw new RequestException(413, $"Content-Length {request.ContentLength}: at most {MaxBytes} bytes");
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;
    }

    /// <summary>Finds how much of the body is JSON: all, unless a header says where binary tensors begin.</summary>
    static int FindJsonLength(HttpRequest request, int bodyLength)
    {
        if (request.Headers[JsonLength].ToString() is not { Length: > 0 } text)
        {
            return request.ContentType?.StartsWith("application/octet", StringComparison.OrdinalIgnoreCase) is not true
                ? bodyLength
                : throw new RequestException(400, $"{JsonLength}: is missing: say how long the JSON is");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= bodyLength ? length
            : throw new RequestException(400, $"{JsonLength} '{InputException.Quote(text)}': give a number of bytes up "
                + $"to the body's {bodyLength}");
    }
}
