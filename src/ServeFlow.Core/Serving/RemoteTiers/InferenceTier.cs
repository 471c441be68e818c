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

    /// <summary>Holds the pause before a batch is sent again for the first time; it doubles.</summary>
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    readonly RemoteTierOptions options;
    readonly HttpClient client;
    readonly TierShape shape;
    readonly RemoteHealth health;
    readonly Uri inferUrl;

    /// <summary>Is what the server said of its model; asked for anew when the server comes back.</summary>
    volatile InferenceModel? model;

    public InferenceTier(RemoteTierOptions options, HttpClient client, TierShape shape, RemoteHealth health)
    {
        (this.options, this.client, this.shape, this.health) = (options, client, shape, health);
        inferUrl = new($"{Address.TrimEnd('/')}/infer");
    }

    public string Address => options.Url.ToString();

    public TimeSpan Deadline => options.Deadline;

    public int Credits => options.Credits;

    /// <summary>Gets how long a batch may take.</summary>
    TimeSpan Limit => options.Waits ? RemoteBatchScorer.Timeout : Deadline;

    public string? Problem => health.Problem;

    public void Score(RemoteBatch batch) => _ = ScoreAsync(batch);

    async Task ScoreAsync(RemoteBatch batch)
    {
        var (outcome, problem) = (RemoteOutcome.Lost, (string?)null);
        try
        {
            (outcome, problem) = await TryAsync(batch);
        }
        catch (Exception e)
        {
            problem = e.Message; // nothing may keep a batch
        }
        finally
        {
            health.Note(outcome, batch.Count, problem);
            batch.Complete(outcome);
        }
    }

    /// <summary>Asks until there is an answer, or no time or no use.</summary>
    async Task<(RemoteOutcome Outcome, string? Problem)> TryAsync(RemoteBatch batch)
    {
        var left = batch.Left;
        if (left <= TimeSpan.Zero)
        {
            return (RemoteOutcome.Late, $"flows waited for {Limit.TotalMilliseconds} ms before they could be sent");
        }

        using var limit = new CancellationTokenSource(left);
        var mayRetry = options.Waits || !health.IsFailing;
        for (var pause = FirstPause; ; pause *= 2)
        {
            var (outcome, problem) = await TryOnceAsync(batch, limit.Token);
            if (outcome != RemoteOutcome.Lost || !mayRetry || batch.Left <= pause)
            {
                return (outcome, problem);
            }

            await Task.Delay(pause);
        }
    }

    async Task<(RemoteOutcome Outcome, string? Problem)> TryOnceAsync(RemoteBatch batch, CancellationToken limit)
    {
        try
        {
            await AskAsync(batch, limit);
            return (RemoteOutcome.Answered, null);
        }
        catch (RefusalException e)
        {
            model = null;
            return (RemoteOutcome.Refused, e.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return (RemoteOutcome.Late, $"no answer within {Limit.TotalMilliseconds} ms");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            model = null;
            return (RemoteOutcome.Lost, e.Message.TrimEnd('.'));
        }
    }

    async Task AskAsync(RemoteBatch batch, CancellationToken limit)
    {
        var known = model ??= await ReadModelAsync(limit);
        var most = Math.Max(1, MaxBytes / InferenceContent.RowBytes(shape, known));
        for (var first = 0; first < batch.Count; first += most)
        {
            await AskAsync(batch, known, first, Math.Min(most, batch.Count - first), limit);
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
            InferenceAnswer.CheckProbabilities(target.Span, known.Classes);
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
