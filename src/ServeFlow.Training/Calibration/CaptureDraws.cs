using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Holds draws of whole captures with replacement, as the number of times that each capture was drawn: flows of one
/// capture resemble one another, so what other captures would show is told by other captures alone (cluster bootstrap,
/// Davison and Hinkley 1997, 3.8). Column 0 is no draw but every capture once. Immutable.
/// </summary>
sealed class CaptureDraws
{
    /// <summary>Enough for a 95 % quantile to a twentieth of a standard deviation.</summary>
    public const int Draws = 400;

    readonly int[] groupOf;

    /// <summary>[group][column]: how often the capture was drawn.</summary>
    readonly float[][] weights;

    CaptureDraws(int[] groupOf, float[][] weights)
    {
        this.groupOf = groupOf;
        this.weights = weights;
    }

    /// <summary>Gets the number of columns: every capture once, and the draws.</summary>
    public static int Columns => Draws + 1;

    /// <summary>Gets the number of captures; the number of flows where all are of one capture.</summary>
    public int Groups => weights.Length;

    /// <summary>Draws the captures of some flows.</summary>
    /// <param name="flows">The flows. Where all are of one capture, flows are drawn instead.</param>
    /// <param name="seed">The same seed gives the same draws of the same captures.</param>
    public static CaptureDraws Create(FlowSample flows, int seed)
    {
        var groups = flows.Groups.Distinct().Order().Index().ToDictionary(c => c.Item, c => c.Index);
        int[] groupOf = groups.Count > 1
            ? [.. flows.Groups.Select(capture => groups[capture])]
            : [.. Enumerable.Range(0, flows.Count)];
        var count = groups.Count > 1 ? groups.Count : flows.Count;
        var weights = Enumerable.Range(0, count).Select(_ => new float[Columns]).ToArray();
        var random = new Random(seed);
        for (var column = 0; column < Columns; column++)
        {
            for (var group = 0; group < count; group++)
            {
                weights[column == 0 ? group : random.Next(count)][column]++;
            }
        }

        return new(groupOf, weights);
    }

    /// <summary>Gets the capture of a flow, as a number from 0.</summary>
    public int Group(int flow) => groupOf[flow];

    /// <summary>Gets how often a flow's capture was drawn, by column.</summary>
    public ReadOnlySpan<float> Weights(int flow) => weights[groupOf[flow]];
}
