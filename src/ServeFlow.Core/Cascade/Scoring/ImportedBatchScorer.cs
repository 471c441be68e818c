using ServeFlow.Features;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Scores with a model made elsewhere; see <see cref="ImportedModel"/>.</summary>
sealed class ImportedBatchScorer : IBatchScorer
{
    readonly IBatchScorer inner;
    readonly bool softmax;
    readonly int[] labelOf;
    readonly float[] rows;

    public ImportedBatchScorer(IBatchScorer inner, BundleImport import, int labels)
    {
        this.inner = inner;
        softmax = import.Output == ModelOutput.Logits;
        labelOf = [.. import.Classes];
        Classes = labels;
        rows = new float[IBatchScorer.Capacity * inner.Classes];
    }

    public int Classes { get; }

    public void Begin(int flows) => inner.Begin(flows);

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => inner.Add(place, packets);

    public void Score(int count, Span<float> probabilities)
    {
        inner.Score(count, rows);
        for (var i = 0; i < count; i++)
        {
            WriteProbabilities(rows.AsSpan(i * inner.Classes, inner.Classes),
                probabilities.Slice(i * Classes, Classes));
        }
    }

    void WriteProbabilities(Span<float> row, Span<float> output)
    {
        if (softmax)
        {
            Exponentiate(row);
        }

        Normalise(row);
        output.Clear();
        for (var c = 0; c < row.Length; c++)
        {
            output[labelOf[c]] = row[c];
        }
    }

    /// <summary>Relative to the largest, so that none overflows.</summary>
    static void Exponentiate(Span<float> row)
    {
        var largest = float.NegativeInfinity;
        foreach (var value in row)
        {
            largest = MathF.Max(largest, value);
        }

        foreach (ref var value in row)
        {
            value = MathF.Exp(value - largest);
        }
    }

    /// <summary>A model that gives no numbers says nothing: every class is as likely.</summary>
    static void Normalise(Span<float> row)
    {
        var sum = 0f;
        foreach (ref var value in row)
        {
            value = MathF.Max(value, 0);
            sum += value;
        }

        if (!(sum > 0 && float.IsFinite(sum)))
        {
            row.Fill(1f / row.Length);
            return;
        }

        foreach (ref var value in row)
        {
            value /= sum;
        }
    }
}
