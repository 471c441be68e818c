using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Training.Scoring;

/// <summary>Represents a tier's model as the bundle keeps it, and as it will be served.</summary>
sealed record FinalModel(byte[] File, ITierModel Model);
