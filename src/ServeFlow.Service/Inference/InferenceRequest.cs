namespace ServeFlow.Service.Inference;

/// <summary>Represents a request for inference, as the Open Inference Protocol writes it.</summary>
sealed record InferenceRequest
{
    /// <summary>Gets the caller's name for the request; null where it has none.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the inputs; there must be one.</summary>
    public required IReadOnlyList<InputTensor> Inputs { get; init; }

    /// <summary>Gets the names of the outputs that are wanted; empty for all.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }
}

/// <summary>Represents an input of a request; its numbers are read where the model is known.</summary>
sealed record InputTensor
{
    public string? Name { get; init; }

    public string? Datatype { get; init; }

    public IReadOnlyList<long>? Shape { get; init; }

    /// <summary>Gets where the numbers stand in the body; null where they come in binary, or not at all.</summary>
    public Range? Data { get; init; }

    /// <summary>Gets the size of the binary tensor behind the JSON; null where there is none.</summary>
    public long? BinarySize { get; init; }
}
