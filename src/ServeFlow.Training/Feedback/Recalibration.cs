using ServeFlow.Cascade.Bundles;

namespace ServeFlow.Training.Feedback;

/// <summary>Tells what calibrating a bundle anew made.</summary>
/// <param name="Bundle">The folder of the version that was written.</param>
/// <param name="Manifest">What it says; name, version and files are those of the bundle that it is made from.</param>
/// <param name="Flows">Flows that it was calibrated on.</param>
/// <param name="Captures">Captures of these flows.</param>
/// <param name="LeftOut">Labelled flows that it could not be calibrated on: of classes or protocols that the bundle
/// does not know.</param>
/// <param name="WeightedF1">The weighted F1 on these flows, each answered by thresholds of other captures.</param>
/// <param name="EscalatesAll">Whether no thresholds keep the loss, so that every flow goes to the last tier.</param>
public sealed record Recalibration(string Bundle, BundleManifest Manifest, int Flows, int Captures, int LeftOut,
    double WeightedF1, bool EscalatesAll);
