namespace ServeFlow.Training.Scoring;

/// <summary>What computing costs where so many flows arrive together.</summary>
/// <param name="Flows">In a batch.</param>
/// <param name="NsPerFlow">Nanoseconds per flow: features, scoring and deciding, on one core.</param>
public readonly record struct BatchCost(int Flows, double NsPerFlow);
