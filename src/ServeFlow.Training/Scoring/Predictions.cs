using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Scoring;

/// <summary>
/// A model's raw probabilities for flows that it was not trained on, row by row beside a <see cref="FlowSample"/>.
/// </summary>
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

    /// <summary>
    /// Gets what a <see cref="GainModel"/> expects of escalating each flow; null where there is none.
    /// </summary>
    public float[]? Gains { get; init; }

    public int Flows => rows.Length;

    public int Classes { get; }

    /// <summary>Gets a flow's probabilities by class.</summary>
    public Span<float> this[int flow] => rows[flow];

    /// <summary>Gets the rows at some positions, in the order given.</summary>
    public Predictions Subset(int[] positions) => new([.. positions.Select(position => rows[position])], Classes)
    {
        Gains = Gains is null ? null : [.. positions.Select(position => Gains[position])],
    };

    /// <summary>Gets what a model that does not know a class would say, about: the others' probabilities, scaled to
    /// sum to 1.</summary>
    public Predictions Without(int label)
    {
        var others = new Predictions([.. rows.Select(row => (float[])row.Clone())], Classes);
        foreach (var row in others.rows)
        {
            row[label] = 0;
            var sum = row.Sum();
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = sum > 0 ? row[i] / sum : i == label ? 0 : 1f / (row.Length - 1);
            }
        }

        return others;
    }

    /// <summary>The same with the gains that are expected of escalation.</summary>
    public Predictions WithGains(float[] gains) => new(rows, Classes) { Gains = gains };

    /// <summary>Decides a flow by a rule.</summary>
    /// <param name="room">Room for as many values as there are classes; it receives the calibrated
    /// probabilities.</param>
    public TierDecision Decide(TierRule rule, int flow, Span<float> room)
    {
        rows[flow].CopyTo(room);
        return rule.Decide(room, Gains is not null ? Gains[flow]
            : rule.Measure != UncertaintyMeasure.ExpectedGain ? 0
            : throw new InvalidOperationException("a rule that decides by expected gains, on predictions without"));
    }

    /// <summary>The same but for the rows at some positions, which are another's, in the order given. The gains stay:
    /// tiers that have any see the first packets, which are always there.</summary>
    public Predictions WithRows(int[] positions, Predictions other)
    {
        float[][] replaced = [.. rows];
        foreach (var (row, position) in positions.Index())
        {
            replaced[position] = other.rows[row];
        }

        return new(replaced, Classes) { Gains = Gains };
    }

    /// <summary>Compares the most probable classes with the true ones.</summary>
    /// <param name="flows">The flows that were scored, row by row.</param>
    public ConfusionMatrix Score(FlowSample flows)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        for (var position = 0; position < flows.Count; position++)
        {
            matrix.Add(flows.Labels[position], TopClass(position));
        }

        return matrix;
    }

    /// <summary>Returns the most probable class; of equal ones the lowest number, as <c>TierRule.Decide</c> has
    /// it.</summary>
    public int TopClass(int flow)
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
