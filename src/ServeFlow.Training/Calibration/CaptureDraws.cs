using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Draws whole captures with replacement, or whole groups where the labels name any, so that a figure can be computed
/// on each draw: flows of one capture resemble one another and are no independent evidence (cluster bootstrap, Davison
/// and Hinkley 1997, 3.8). Figures of the same draws are paired, so that differences and ratios of two have intervals
/// of their own. Immutable.
/// </summary>
sealed class CaptureDraws
{
    /// <summary>Specifies the number of draws for intervals: their ends are right to about a tenth of a standard
    /// error.</summary>
    public const int ForIntervals = 1_000;

    /// <summary>Specifies the number of draws for a bound of 95 %: it is right to a twentieth of a standard
    /// deviation.</summary>
    public const int ForBounds = 400;

    /// <summary>
    /// Limits what is drawn one by one. Of more captures, some are drawn together, dealt out to this many groups.
    /// </summary>
    const int MaxGroups = 10_000;

    readonly int[] groupOf;

    /// <summary>[draw][group]: how often the group was drawn.</summary>
    readonly byte[][] weights;

    readonly Lazy<float[][]> columns;

    CaptureDraws(int[] groupOf, byte[][] weights, FlowSample flows, int captures)
    {
        this.groupOf = groupOf;
        this.weights = weights;
        columns = new(() => [.. Enumerable.Range(0, Groups).Select(ToColumns)]);
        (Captures, GroupWord) = (captures, flows.Data.GroupWord);
    }

    /// <summary>Gets the number of captures that the flows are of, or of groups where the labels name any.</summary>
    public int Captures { get; }

    /// <inheritdoc cref="DataSet.GroupWord"/>
    public string GroupWord { get; }

    /// <summary>Gets whether single flows were drawn, because all are of one capture.</summary>
    public bool DrawsFlows => Captures == 1;

    public int Draws => weights.Length;

    /// <summary>Gets the number of columns of <see cref="WeightsOf"/>: every capture once, and the draws.</summary>
    public int Columns => Draws + 1;

    /// <summary>Gets the number of groups that are drawn whole: captures, flows of a single one, or groups of
    /// either.</summary>
    public int Groups => weights[0].Length;

    /// <summary>Draws the captures of some flows. Where all are of one capture, flows are drawn instead.</summary>
    /// <param name="seed">The same seed gives the same draws of the same flows.</param>
    public static CaptureDraws Create(FlowSample flows, int seed, int draws)
    {
        var numbers = flows.Groups.Distinct().Order().Index().ToDictionary(c => c.Item, c => c.Index);
        var units = numbers.Count > 1 ? numbers.Count : flows.Count;
        var groups = Math.Clamp(units, 1, MaxGroups);
        int[] groupOf = [.. Enumerable.Range(0, flows.Count)
            .Select(flow => (numbers.Count > 1 ? numbers[flows.Groups[flow]] : flow) % groups)];
        return new(groupOf, Draw(groups, draws, new(seed)), flows, numbers.Count);
    }

    /// <summary>Gets the group that a flow is drawn with, as a number from 0.</summary>
    public int Group(int flow) => groupOf[flow];

    /// <summary>Gets how often each group was drawn.</summary>
    public ReadOnlySpan<byte> Weights(int draw) => weights[draw];

    /// <summary>Gets how often a flow's group was drawn, by column: once in column 0, then draw by draw.</summary>
    public ReadOnlySpan<float> WeightsOf(int flow) => columns.Value[groupOf[flow]];

    /// <summary>Computes, on each draw, the sum of one value over the flows by the sum of another.</summary>
    /// <returns>[draw]: the ratio; NaN where the draw has nothing below the line.</returns>
    public double[] Ratios(Func<int, double> numerator, Func<int, double> denominator) =>
        Divide(Sum(numerator), Sum(denominator));

    /// <summary>Computes the mean of a value over the flows, on each draw.</summary>
    public double[] Means(Func<int, double> value) => Ratios(value, _ => 1);

    /// <summary>Sums a value over the flows of each group.</summary>
    /// <param name="value">Gets a flow's value.</param>
    /// <returns>[group]: the sum.</returns>
    public double[] Sum(Func<int, double> value)
    {
        var sums = new double[Groups];
        for (var flow = 0; flow < groupOf.Length; flow++)
        {
            sums[groupOf[flow]] += value(flow);
        }

        return sums;
    }

    /// <summary>Divides, on each draw, the sum of one value over the groups drawn by the sum of another.</summary>
    /// <inheritdoc cref="Ratios" path="/returns"/>
    public double[] Divide(double[] numerators, double[] denominators) =>
        [.. weights.Select(drawn => Weigh(drawn, numerators) / Weigh(drawn, denominators))];

    /// <summary>Sums values of groups over a draw.</summary>
    /// <param name="drawn">[group]: how often it was drawn.</param>
    /// <param name="values">[group]: its value.</param>
    public static double Weigh(ReadOnlySpan<byte> drawn, ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var group = 0; group < drawn.Length; group++)
        {
            sum += drawn[group] * values[group];
        }

        return sum;
    }

    float[] ToColumns(int group) => [1, .. weights.Select(drawn => (float)drawn[group])];

    static byte[][] Draw(int groups, int draws, Random random)
    {
        var weights = new byte[draws][];
        for (var draw = 0; draw < draws; draw++)
        {
            weights[draw] = new byte[groups];
            for (var i = 0; i < groups; i++)
            {
                weights[draw][random.Next(groups)]++;
            }
        }

        return weights;
    }
}
