using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// A tier that a server of the Open Inference Protocol computes, over HTTP. A batch is one request, or several where it
/// is large. It is asked again while its time allows; while the server fails, each batch is tried once, so that flows
/// do not wait for what will not come.
/// </summary>
sealed class InferenceTier : IRemoteTier
{
    /// <summary>Limits the rows of a request in bytes: servers limit bodies, ServeFlow's to 8 MiB.</summary>
    const int MaxBytes = 7 << 20;

    readonly RemoteTierOptions options;
    readonly HttpClient client;
    readonly TierShape shape;
    readonly RemoteHealth health;
    readonly RemoteCalls calls;
    readonly Uri inferUrl;

    /// <summary>Is what the server said of its model; asked for anew when the server comes back.</summary>
    volatile InferenceModel? model;

    public InferenceTier(RemoteTierOptions options, HttpClient client, TierShape shape, RemoteHealth health)
    {
        (this.options, this.client, this.shape, this.health) = (options, client, shape, health);
        inferUrl = new($"{Address.TrimEnd('/')}/infer");
        calls = new(health, options.Deadline, options.Waits);
    }

    public string Address => options.Url.ToString();

    public TimeSpan Deadline => options.Deadline;

    public int Credits => options.Credits;

    public string? Problem => health.Problem;

    public void Score(RemoteBatch batch) => _ = calls.RunAsync(batch, AskAsync);

    async Task AskAsync(RemoteBatch batch, CancellationToken limit)
    {
        try
        {
            var known = model ??= await ReadModelAsync(limit);
            var most = Math.Max(1, MaxBytes / InferenceContent.RowBytes(shape, known));
            for (var first = 0; first < batch.Count; first += most)
            {
                await AskAsync(batch, known, first, Math.Min(most, batch.Count - first), limit);
            }
        }
        catch (Exception) when (!limit.IsCancellationRequested)
        {
            model = null;
            throw;
        }
    }

    async Task AskAsync(RemoteBatch batch, InferenceModel known, int first, int rows, CancellationToken limit)
    {
        using var content = new InferenceContent(batch, shape, known, first, rows);
        using var request = new HttpRequestMessage(HttpMethod.Post, inferUrl) { Content = content };
        using var response = await client.SendAsync(request, limit);
        var body = await ReadAsync(response, limit);
        var target = batch.Probabilities.AsMemory(first * batch.Classes, rows * batch.Classes);
        var output = known.IsForeign ? shape.CreateOutput() : null;
        if (output is null)
        {
            InferenceAnswer.Read(body, JsonLength(response, body.Length), known, target.Span);
            batch.CheckProbabilities(first, rows);
            return;
        }

        var values = new float[rows * known.Classes];
        InferenceAnswer.Read(body, JsonLength(response, body.Length), known, values);
        InferenceAnswer.CheckFinite(values);
        output.WriteProbabilities(values, rows, target.Span, batch.Classes);
    }

    async Task<InferenceModel> ReadModelAsync(CancellationToken limit)
    {
        using var response = await client.GetAsync(options.Url, limit);
        return InferenceModel.Parse(await ReadAsync(response, limit), shape);
    }

    /// <summary>Reads a body; a server that is busy or in trouble may answer the next time.</summary>
    static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken limit)
    {
        var body = await response.Content.ReadAsByteArrayAsync(limit);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return body;
        }

        var problem = $"it answers {(int)response.StatusCode}: {ReadError(body)}";
        throw response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError ? new HttpRequestException(problem)
            : new RefusalException(problem);
    }

    static string ReadError(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return InputException.Quote(document.RootElement.GetProperty("error").GetString() ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "no reason is given";
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
