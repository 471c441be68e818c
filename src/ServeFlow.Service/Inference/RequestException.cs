namespace ServeFlow.Service.Inference;

/// <summary>Tells why a request is not answered.</summary>
/// <param name="status">The status of HTTP, 4xx.</param>
/// <param name="message">Names the field, what it holds and what is to be given.</param>
sealed class RequestException(int status, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>Creates the answer to a field that is wrong.</summary>
    public static RequestException Field(string field, string problem) => new(400, $"{field}: {problem}");
}
