namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// A tier that a server of the Open Inference Protocol computes. A batch is one request, or several where it is large.
/// It is asked again while its time allows; while the server fails, each batch is tried once, so that flows do not wait
/// for what will not come.
/// </summary>
sealed class InferenceTier : IRemoteTier
{
    readonly RemoteTierOptions options;
    readonly IInferenceTransport transport;
    readonly TierShape shape;
    readonly RemoteHealth health;
    readonly RemoteCalls calls;

    /// <summary>Holds what the server said of its model; asked for anew when the server comes back.</summary>
    volatile InferenceModel? model;

    public InferenceTier(RemoteTierOptions options, IInferenceTransport transport, TierShape shape, RemoteHealth health)
    {
        (this.options, this.transport, this.shape, this.health) = (options, transport, shape, health);
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
            var known = model ??= InferenceModel.Fit(await transport.ReadMetadataAsync(limit), shape);
            var most = Math.Max(1, transport.MaxBytes / InferenceRows.ComputeRowBytes(shape, known));
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

    async Task AskAsync(RemoteBatch batch, InferenceModel known, int first, int count, CancellationToken limit)
    {
        var rows = new InferenceRows(batch, shape, known, first, count);
        var target = batch.Probabilities.AsMemory(first * batch.Classes, count * batch.Classes);
        var output = known.IsForeign ? shape.CreateOutput() : null;
        if (output is null)
        {
            await transport.InferAsync(known, rows, target, limit);
            batch.CheckProbabilities(first, count);
            return;
        }

        var values = new float[count * known.Classes];
        await transport.InferAsync(known, rows, values, limit);
        InferenceAnswer.CheckFinite(values);
        output.WriteProbabilities(values, count, target.Span, batch.Classes);
    }
}
