using System.Text.Json;

namespace ServeFlow.Service.Inference;

/// <summary>Tells why a request is not answered.</summary>
/// <param name="status">The status of HTTP, 4xx.</param>
/// <param name="message">Names the field, what it holds and what is to be given.</param>
sealed class RequestException(int status, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>Creates the answer to a body that is no JSON, or is not whole.</summary>
    public static RequestException NotJson(JsonException e) => new(400,
        $"the body is not JSON, or is not whole: look at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");

    /// <summary>Creates the answer to a field that is wrong.</summary>
    public static RequestException Field(string field, string problem) => new(400, $"{field}: {problem}");

    /// <summary>Creates the answer to an object that has two fields of one name.</summary>
    public static RequestException Twice(string field) =>
        Field(InputException.Quote(field), "stands here twice: leave one out");
}
