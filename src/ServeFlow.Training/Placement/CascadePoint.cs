namespace ServeFlow.Training.Placement;

/// <summary>A cascade that the search looked at: its tiers, how much each answers, and what it does.</summary>
/// <param name="Tiers">Candidates by tier.</param>
/// <param name="Escalated">Flows that each tier but the last passes on.</param>
/// <param name="Accuracy">Share of flows answered rightly.</param>
/// <param name="FirstPacketShare">Share of flows answered by tiers that need one packet.</param>
/// <param name="MeanMs">Mean time to an answer, waiting and computing.</param>
/// <param name="MedianMs">Median time to an answer, to a twentieth.</param>
/// <param name="ComputeNs">Mean computing per flow.</param>
public sealed record CascadePoint(IReadOnlyList<TierSpec> Tiers, IReadOnlyList<int> Escalated, double Accuracy,
    double FirstPacketShare, double MeanMs, double MedianMs, double ComputeNs);
