namespace ServeFlow.Cascade.Scoring;

/// <summary>Scores rows with a model made elsewhere; see <see cref="ImportedModel"/>.</summary>
sealed class ImportedColumnScorer(IColumnScorer inner, BundleImport import, int labels) : IColumnScorer
{
    readonly ImportedOutput output = new(import);

    public int Classes => labels;

    public ReadOnlyMemory<int> Columns => inner.Columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities)
    {
        var own = new float[count * inner.Classes];
        inner.Score(rows, count, own);
        output.WriteProbabilities(own, count, probabilities, labels);
    }
}
