using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Carries the calls of the Open Inference Protocol over HTTP.</summary>
sealed class HttpTransport : IInferenceTransport
{
    readonly Uri modelUrl;
    readonly Uri inferUrl;
    readonly HttpClient client;

    public HttpTransport(RemoteTierOptions options)
    {
        (modelUrl, inferUrl) = (options.Url, new($"{options.Url.ToString().TrimEnd('/')}/infer"));
        client = new(RemoteConnections.CreateHandler())
        {
            Timeout = Timeout.InfiniteTimeSpan, // each batch has a time of its own
            MaxResponseContentBufferSize = RemoteConnections.MaxAnswerBytes,
        };
        if (options.ReadToken?.Invoke() is { } token)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <summary>Servers limit bodies, ServeFlow's to 8 MiB.</summary>
    public int MaxBytes => 7 << 20;

    public async Task<ModelMetadata> ReadMetadataAsync(CancellationToken limit)
    {
        using var response = await client.GetAsync(modelUrl, limit);
        return InferenceMetadata.Parse(await ReadAsync(response, limit));
    }

    public async Task InferAsync(InferenceModel model, InferenceRows rows, Memory<float> values,
        CancellationToken limit)
    {
        using var content = new InferenceContent(model, rows);
        using var request = new HttpRequestMessage(HttpMethod.Post, inferUrl) { Content = content };
        using var response = await client.SendAsync(request, limit);
        var body = await ReadAsync(response, limit);
        InferenceAnswer.Read(body, JsonLength(response, body.Length), model, values.Span);
    }

    public void Dispose() => client.Dispose();

    /// <summary>Reads a body; a server that is busy or in trouble may answer the next time.</summary>
    static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken limit)
    {
        var body = await response.Content.ReadAsByteArrayAsync(limit);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return body;
        }

        var problem = $"it answers {(int)response.StatusCode}: {ReadError(body)}"
            + (response.StatusCode == HttpStatusCode.Unauthorized ? RefusalException.TokenAdvice : "");
        throw response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError ? new HttpRequestException(problem)
            : new RefusalException(problem);
    }

    static string ReadError(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return InputException.Quote(document.RootElement.GetProperty("error").GetString() ?? "",
                RefusalException.MaxCharacters);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body.Length == 0 ? "no reason is given" : InputException.Quote(Encoding.UTF8.GetString(body));
        }
    }

    static int JsonLength(HttpResponseMessage response, int bodyLength)
    {
        if (!response.Headers.TryGetValues(InferenceContent.JsonLength, out var values)
            && !response.Content.Headers.TryGetValues(InferenceContent.JsonLength, out values))
        {
            return bodyLength;
        }

        return int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= bodyLength ? length
            : throw new RefusalException($"its header {InferenceContent.JsonLength} is wrong");
    }
}
