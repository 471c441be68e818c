using ServeFlow.Cascade;

namespace ServeFlow.Training;

/// <summary>A tier's model as the bundle keeps it, and as it will be served.</summary>
sealed record FinalModel(byte[] File, ITierModel Model);
