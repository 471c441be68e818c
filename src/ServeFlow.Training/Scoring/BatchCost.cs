namespace ServeFlow.Training.Scoring;

/// <summary>Gives what computing costs where that many flows arrive together.</summary>
/// <param name="Flows">The number of flows in a batch.</param>
/// <param name="NsPerFlow">Nanoseconds per flow: features, scoring and deciding, on one core.</param>
public readonly record struct BatchCost(int Flows, double NsPerFlow);
