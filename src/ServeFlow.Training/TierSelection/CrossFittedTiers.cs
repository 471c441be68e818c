using System.Collections.Concurrent;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.TierSelection;

/// <summary>Keeps each tier as it was calibrated before a given last one, so that chains which share the two share the
/// work. Shared by threads.</summary>
/// <param name="flows">The calibration flows.</param>
/// <param name="parts">The part of each, from 0; no capture is in two.</param>
/// <param name="calibration">How probabilities are calibrated.</param>
sealed class CrossFittedTiers(FlowSample flows, int[] parts, CalibrationKind calibration)
{
    readonly ConcurrentDictionary<(TierCandidate Tier, TierCandidate Last), CrossFittedTier> fitted = [];

    public CrossFittedTier Get(TierCandidate tier, TierCandidate last) => fitted.GetOrAdd((tier, last), pair =>
        new(flows, parts, pair.Tier.Predictions, pair.Last.Predictions, calibration));
}
