using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ServeFlow.Service;

/// <summary>
/// Serves the calls as an OpenAPI document: their paths and parameters as they are mapped, their types as they are
/// written, and their errors. docs/operations.md.
/// </summary>
static class ApiDocument
{
    public const string Path = "/openapi.json";

    const string Json = "application/json";
    const string ErrorName = "Error";

    /// <summary>Lists what any call may answer, and what one that changes something may answer too.</summary>
    static readonly (int Status, string Meaning, bool IsForReaders)[] Common =
    [
        (401, "The token or the client certificate is missing or wrong.", true),
        (403, "The call takes the Unix socket, a token or a client certificate, or comes from another site.", false),
        (413, "The body is too large, or the call takes none.", true),
        (421, "The host is not this machine's loopback address.", true),
        (500, "The sensor failed to answer; its log says why.", true),
    ];

    public static void AddServices(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(options =>
        {
            options.ShouldInclude = call => call.HttpMethod != HttpMethods.Head
                && call.ActionDescriptor.EndpointMetadata.OfType<CallDescription>().Any();
            options.CreateSchemaReferenceId = type =>
                IsNamed(type.Type) ? OpenApiOptions.CreateDefaultSchemaReferenceId(type) : null;
            options.AddOperationTransformer(DescribeCallAsync);
            options.AddDocumentTransformer(DescribeAllAsync);
        });
    }

    public static void Map(IEndpointRouteBuilder app) => app.MapOpenApi(Path);

    /// <summary>Says what the whole is, and adds the calls that are no routes of ours.</summary>
    static Task DescribeAllAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context,
        CancellationToken cancel)
    {
        document.Info = new()
        {
            Title = "ServeFlow",
            Version = typeof(ApiDocument).Assembly.GetName().Version?.ToString(3) ?? "",
            Description = "A running sensor: health, counts, control, models and inference. Every error is an object "
                + "with an error. Calls that read take HEAD too, but for /api/events and /openapi.json.",
        };
        document.Tags = null;
        document.Paths[MetricsPage.Path] = Read("getMetrics", "Gives the metrics as Prometheus reads them.",
            "text/plain");
        document.Paths[Path] = Read("getOpenapiJson", "Gives this document.", Json);
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["token"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The token of --http-token-file. No token is needed over the Unix socket, with a client "
                    + "certificate, and to read from loopback where no token is set.",
            },
        };
        return Task.CompletedTask;

        static OpenApiPathItem Read(string id, string summary, string media) => new()
        {
            Operations = new()
            {
                [HttpMethod.Get] = new()
                {
                    OperationId = id,
                    Summary = summary,
                    Responses = Answered(200, media, null),
                },
            },
        };
    }

    static async Task DescribeCallAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancel)
    {
        var call = context.Description.ActionDescriptor.EndpointMetadata.OfType<CallDescription>().Last();
        operation.Summary = call.Summary;
        operation.OperationId = Name(context.Description.HttpMethod!, context.Description.RelativePath ?? "");
        operation.Tags = null;
        if (call.Body is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = Content(Json, await FindSchemaAsync(body.GetType(), context, cancel)),
            };
        }

        var answer = call.Answer is { } make ? await FindSchemaAsync(make().GetType(), context, cancel) : null;
        operation.Responses = Answered(call.Status, answer is null ? call.Text : Json, answer);
        await AddErrorsAsync(operation.Responses, call, context, cancel);
    }

    static async Task AddErrorsAsync(OpenApiResponses responses, CallDescription call,
        OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var schema = await context.GetOrCreateSchemaAsync(new { Error = "" }.GetType(), null, cancel);
        context.Document!.AddComponent(ErrorName, schema);
        var isRead = context.Description.HttpMethod == HttpMethods.Get;
        var meanings = Common.Where(error => error.IsForReaders || !isRead)
            .Select(error => (error.Status, error.Meaning))
            .Concat(call.Errors.Select(status => (status, Meaning(status))));
        foreach (var (status, meaning) in meanings.OrderBy(error => error.Item1))
        {
            responses[$"{status}"] = Failed(meaning, context.Document);
        }

        if (call.IsLimited)
        {
            var limit = Failed("As many callers as there may be are answered already.", context.Document);
            limit.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which to ask again.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                },
            };
            responses[$"{StatusCodes.Status503ServiceUnavailable}"] = limit;
        }
    }

    static OpenApiResponse Failed(string meaning, OpenApiDocument document) => new()
    {
        Description = meaning,
        Content = Content(Json, new OpenApiSchemaReference(ErrorName, document)),
    };

    static string Meaning(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "A field or a parameter is wrong: the error names it.",
        StatusCodes.Status404NotFound => "There is no such model, or the sensor belongs to no cluster.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of another type.",
        StatusCodes.Status422UnprocessableEntity => "It cannot be done: the error says why, and nothing has changed.",
        StatusCodes.Status503ServiceUnavailable => "The sensor does not do its work now: the error says why.",
        _ => "The sensor did not answer in time.",
    };

    /// <summary>Finds the schema of a type; one with a name is written once for all calls.</summary>
    static async Task<IOpenApiSchema> FindSchemaAsync(Type type, OpenApiOperationTransformerContext context,
        CancellationToken cancel)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancel);
        if (!IsNamed(type) || type.IsArray || type.IsGenericType)
        {
            return schema;
        }

        context.Document!.AddComponent(type.Name, schema);
        return new OpenApiSchemaReference(type.Name, context.Document);
    }

    static OpenApiResponses Answered(int status, string? media, IOpenApiSchema? schema) => new()
    {
        [$"{status}"] = new OpenApiResponse
        {
            Description = "The answer.",
            Content = media is null ? null : Content(media, schema),
        },
    };

    static Dictionary<string, OpenApiMediaType> Content(string media, IOpenApiSchema? schema) =>
        new() { [media] = new() { Schema = schema } };

    static bool IsNamed(Type type) => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>Makes a name of a method and a path: <c>postApiModelsRollback</c>.</summary>
    static string Name(string method, string path) => method.ToLowerInvariant() + string.Concat(
        path.Split('/', '-', '?').Where(word => word.Length > 0).Select(word => word.Trim('{', '}'))
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
