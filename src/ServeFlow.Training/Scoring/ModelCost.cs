namespace ServeFlow.Training.Scoring;

/// <summary>Holds what a model costs where it is served, as measured on this machine.</summary>
/// <param name="Engine">What computes it.</param>
/// <param name="MemoryBytes">The memory of the compiled model, once for all workers, in bytes.</param>
/// <param name="Batches">Computing by flows in a batch, rising.</param>
public sealed record ModelCost(string Engine, long MemoryBytes, IReadOnlyList<BatchCost> Batches)
{
    /// <summary>Nanoseconds of computing per flow, features, scoring and deciding, in full batches.</summary>
    public double NsPerFlow => Batches[^1].NsPerFlow;
}
