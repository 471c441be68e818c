using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>Holds what a model costs where it is served: what choices are made by, and what was measured.</summary>
/// <param name="NsPerFlow">Nanoseconds of computing per flow as <see cref="CostConstants"/> estimate them: the same on
/// every machine, and the only cost that anything is chosen by.</param>
/// <param name="Engine">What computes it on this machine.</param>
/// <param name="MemoryBytes">The memory of the compiled model, once for all workers, in bytes.</param>
/// <param name="Batches">Computing as measured on this machine, by flows in a batch, rising. It is shown, and nothing
/// is chosen by it.</param>
public sealed record ModelCost(double NsPerFlow, string Engine, long MemoryBytes, IReadOnlyList<BatchCost> Batches)
{
    /// <summary>Gets the measured nanoseconds per flow: features, scoring and deciding, in full batches.</summary>
    public double MeasuredNsPerFlow => Batches[^1].NsPerFlow;
}

/// <summary>Measures what a cascade, of one tier or more, computes per flow; see <see cref="CostMeter"/>.</summary>
/// <param name="flows">The flows that are served.</param>
/// <param name="waitLimit">The time after which no flow is waited for.</param>
/// <param name="tiers">The tiers in order.</param>
/// <returns>The costs by rising batch size.</returns>
delegate IReadOnlyList<BatchCost> CostMeasurement(FlowSample flows, TimeSpan waitLimit, IReadOnlyList<TimedTier> tiers);
