namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Carries the calls of the Open Inference Protocol to one model of one server. Calls may be made from several threads
/// at a time. They throw <see cref="RefusalException"/> where asking again does not help, and
/// <see cref="HttpRequestException"/> or <see cref="IOException"/> where it may.
/// </summary>
public interface IInferenceTransport : IDisposable
{
    /// <summary>Gets the most bytes of rows in a request: servers limit what they take.</summary>
    int MaxBytes { get; }

    /// <summary>Asks what the server says of its model.</summary>
    Task<ModelMetadata> ReadMetadataAsync(CancellationToken limit);

    /// <summary>Asks for the output of rows.</summary>
    /// <param name="values">Receives the output that <paramref name="model"/> names, [rows × classes], row-major.
    /// </param>
    Task InferAsync(InferenceModel model, InferenceRows rows, Memory<float> values, CancellationToken limit);
}
