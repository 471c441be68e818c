namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A model made elsewhere, as one of this bundle's: its classes are put in the labels' order, and its rows sum to 1
/// whatever it gives.
/// </summary>
sealed class ImportedModel(ITierModel model, BundleImport import, int labels) : ITierModel
{
    public int Classes => labels;

    /// <summary>Gets the classes that the model itself has.</summary>
    public int OwnClasses => import.Classes.Count;

    public string EngineName => model.EngineName;

    public long MemoryBytes => model.MemoryBytes;

    public ModelWork Work => model.Work;

    /// <summary>Creates what makes probabilities of the rows that the model itself gives.</summary>
    public ImportedOutput CreateOutput() => new(import);

    public void Prepare() => model.Prepare();

    public IBatchScorer CreateScorer() => new ImportedBatchScorer(model.CreateScorer(), import, labels);

    public IColumnScorer? CreateColumnScorer() => model.CreateColumnScorer() is { } inner
        ? new ImportedColumnScorer(inner, import, labels)
        : null;
}
