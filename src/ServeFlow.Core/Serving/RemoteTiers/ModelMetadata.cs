namespace ServeFlow.Serving.RemoteTiers;

/// <summary>What a server says of its model, in the terms of the Open Inference Protocol.</summary>
/// <param name="Inputs">The tensors that it takes.</param>
/// <param name="Outputs">The tensors that it gives.</param>
/// <param name="Own">What a ServeFlow server says beyond the protocol; null for other servers.</param>
public sealed record ModelMetadata(IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs,
    OwnModel? Own)
{
    /// <summary>Names the platform of a ServeFlow server.</summary>
    public const string OwnPlatform = "serveflow";
}

/// <summary>Describes a tensor.</summary>
/// <param name="Datatype">Such as <c>FP32</c>.</param>
/// <param name="Shape">Its dimensions; −1 for one that is left open.</param>
public sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>Tells whose model a ServeFlow server has.</summary>
/// <param name="Schema">The hash of the schema of its columns.</param>
/// <param name="Packets">The packets of a row.</param>
/// <param name="Labels">Its classes in the order of outputs.</param>
/// <param name="Sha256">The hash of the model; null where the server does not say.</param>
public sealed record OwnModel(string Schema, int Packets, IReadOnlyList<string> Labels, string? Sha256);
