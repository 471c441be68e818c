using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Imports;

/// <summary>Represents a model made elsewhere, joined to a data set's features and labels.</summary>
/// <param name="Model">As it will be served.</param>
/// <param name="Import">As the manifest describes it.</param>
sealed record ImportedModel(ImportFile File, ITierModel Model, BundleImport Import)
{
    public ModelSpec Spec => File.Spec;

    public FinalModel Final => new(File.Bytes, Model);

    public string FileName => $"{Spec.Model}-{Spec.Depth}{File.Format.Extension}";

    /// <summary>SHA-256 of the captures that it was trained on; empty where nothing says.</summary>
    public IEnumerable<string> Trained => File.Sidecar?.Trained?.Select(c => c.Sha256.ToLowerInvariant()) ?? [];
}
