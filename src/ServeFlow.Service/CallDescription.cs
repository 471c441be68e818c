using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>Holds what the OpenAPI document says of a call beside its path and parameters.</summary>
/// <param name="Summary">Says what the call does.</param>
/// <param name="Answer">Gives an object of the type that is answered as JSON; null where no JSON is answered.</param>
sealed record CallDescription(string Summary, Func<object>? Answer)
{
    /// <summary>Gets the status of the answer.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Gets the media type of an answer that is no JSON; null where there is no content.</summary>
    public string? Text { get; init; }

    /// <summary>Gets an object of the type that the body may have; null where the call takes none.</summary>
    public object? Body { get; init; }

    /// <summary>Gets the statuses of errors beside those that any call may have.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>Gets whether the number of callers that are answered at a time is limited. Beyond the limit, a caller
    /// is told to try again later.</summary>
    public bool IsLimited { get; init; }
}

/// <summary>Describes calls where they are mapped.</summary>
static class CallDescriptions
{
    public static void Describe(this IEndpointConventionBuilder call, string summary, Func<object>? answer,
        params IReadOnlyList<int> errors) => call.Describe(new CallDescription(summary, answer) { Errors = errors });

    public static void Describe(this IEndpointConventionBuilder call, CallDescription description) =>
        call.WithMetadata(description);
}
