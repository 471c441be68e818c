namespace ServeFlow.Cascade.Scoring;

/// <summary>Makes probabilities in the labels' order of what a model gives that was made elsewhere.</summary>
sealed class ImportedOutput(BundleImport import)
{
    readonly bool softmax = import.Output == ModelOutput.Logits;
    readonly int[] labelOf = [.. import.Classes];

    /// <param name="rows">What the model gave, [count × its classes]; overwritten.</param>
    /// <param name="probabilities">[count × labels]; each row sums to 1.</param>
    public void WriteProbabilities(Span<float> rows, int count, Span<float> probabilities, int labels)
    {
        for (var i = 0; i < count; i++)
        {
            WriteRow(rows.Slice(i * labelOf.Length, labelOf.Length), probabilities.Slice(i * labels, labels));
        }
    }

    void WriteRow(Span<float> row, Span<float> output)
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
