namespace ServeFlow.Training.Calibration;

/// <summary>A model's raw probabilities for some flows, none of which it was trained on.</summary>
public sealed class Predictions
{
    readonly float[][] rows;

    public Predictions(int flows, int classes)
    {
        Classes = classes;
        rows = new float[flows][];
        for (var i = 0; i < flows; i++)
        {
            rows[i] = new float[classes];
        }
    }

    Predictions(float[][] rows, int classes)
    {
        this.rows = rows;
        Classes = classes;
    }

    public int Flows => rows.Length;

    public int Classes { get; }

    /// <summary>A flow's probabilities by class.</summary>
    public Span<float> this[int flow] => rows[flow];

    /// <summary>The same rows of some flows, in the order given.</summary>
    public Predictions Of(IReadOnlyList<int> flows) => new([.. flows.Select(f => rows[f])], Classes);

    /// <summary>The same but for some flows, whose rows are another's, in the order given.</summary>
    public Predictions With(IReadOnlyList<int> flows, Predictions other)
    {
        float[][] replaced = [.. rows];
        foreach (var (row, flow) in flows.Index())
        {
            replaced[flow] = other.rows[row];
        }

        return new(replaced, Classes);
    }

    /// <summary>The most probable class; of equal ones the lowest number, as <c>TierRule.Decide</c> has it.</summary>
    public int Top(int flow)
    {
        var row = rows[flow];
        var top = 0;
        for (var c = 1; c < row.Length; c++)
        {
            top = row[c] > row[top] ? c : top;
        }

        return top;
    }
}
