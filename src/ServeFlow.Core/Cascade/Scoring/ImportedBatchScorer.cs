using ServeFlow.Features;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Scores with a model made elsewhere; see <see cref="ImportedModel"/>.</summary>
sealed class ImportedBatchScorer : IBatchScorer
{
    readonly IBatchScorer inner;
    readonly ImportedOutput output;
    readonly float[] rows;

    public ImportedBatchScorer(IBatchScorer inner, BundleImport import, int labels)
    {
        this.inner = inner;
        output = new(import);
        Classes = labels;
        rows = new float[IBatchScorer.Capacity * inner.Classes];
    }

    public int Classes { get; }

    public void Begin(int flows) => inner.Begin(flows);

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => inner.Add(place, packets);

    public void Score(int count, Span<float> probabilities)
    {
        inner.Score(count, rows);
        output.WriteProbabilities(rows, count, probabilities, Classes);
    }
}
