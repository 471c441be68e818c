using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ServeFlow.Features;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Chosen flows of a data set, in a fixed order. A <em>position</em> is a place in the sample, a <em>flow index</em> a
/// place in <see cref="DataSet.Flows"/>; only the sample translates one into the other. Labels, captures and a model's
/// predictions stand beside a sample row by row. Immutable.
/// </summary>
public sealed class FlowSample : IReadOnlyList<LabelledFlow>
{
    /// <summary>[position]: the flow's index in the data set.</summary>
    readonly int[] flows;

    FlowSample(DataSet data, int[] flows, IReadOnlyList<string> classes, ImmutableArray<int> labels)
    {
        Data = data;
        this.flows = flows;
        Classes = classes;
        Labels = labels;
    }

    /// <summary>Gets the data set that the flows are of.</summary>
    public DataSet Data { get; }

    /// <summary>Gets the names of the classes that <see cref="Labels"/> count.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the true class of each flow, by position; an index into <see cref="Classes"/>.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>Gets the capture of each flow, by position; an index into <see cref="DataSet.Captures"/>.</summary>
    public ImmutableArray<int> Captures =>
        field.IsDefault ? field = [.. flows.Select(flow => Data.Flows[flow].Capture)] : field;

    /// <summary>
    /// Gets what each flow is divided by, by position: its group, an index into <see cref="DataSet.Groups"/>, or its
    /// capture where there are no groups, or of captures with the same bytes the first. Flows of one group resemble one
    /// another.
    /// </summary>
    public ImmutableArray<int> Groups => !field.IsDefault ? field
        : field = Data.Groups.Count > 0 ? [.. flows.Select(flow => Data.Flows[flow].Group)]
        : Data.FirstCopies is { } first ? [.. Captures.Select(capture => first[capture])]
        : Captures;

    public int Count => flows.Length;

    /// <summary>Gets the flow at a position, labelled as in <see cref="Labels"/>.</summary>
    public LabelledFlow this[int position] => Data.Flows[flows[position]] with { Label = Labels[position] };

    /// <summary>Creates a sample of every flow of a data set, in its order.</summary>
    public static FlowSample All(DataSet data) => From(data, Enumerable.Range(0, data.Flows.Count));

    /// <summary>Creates a sample of some flows of a data set.</summary>
    /// <param name="flowIndices">Indices into <see cref="DataSet.Flows"/>, in the order that the sample keeps.</param>
    public static FlowSample From(DataSet data, IEnumerable<int> flowIndices)
    {
        int[] flows = [.. flowIndices];
        return new(data, flows, data.Labels, [.. flows.Select(flow => data.Flows[flow].Label)]);
    }

    /// <summary>Gets the index in <see cref="DataSet.Flows"/> of the flow at a position.</summary>
    public int FlowIndex(int position) => flows[position];

    /// <summary>Gets the kept packets of the flow at a position.</summary>
    public ReadOnlySpan<HeaderRecord> Packets(int position) => Data.Packets(flows[position]);

    /// <summary>Gets the flows at some positions, in the order given.</summary>
    public FlowSample Subset(ReadOnlySpan<int> positions)
    {
        var chosen = new int[positions.Length];
        var labels = new int[positions.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            (chosen[i], labels[i]) = (flows[positions[i]], Labels[positions[i]]);
        }

        return new(Data, chosen, Classes, ImmutableCollectionsMarshal.AsImmutableArray(labels));
    }

    /// <summary>Gets the same flows of a data set that differs in its schema alone.</summary>
    public FlowSample In(DataSet data) => new(data, flows, Classes, Labels);

    /// <summary>Gets the flows that a condition holds for, in their order.</summary>
    public FlowSample Where(Func<LabelledFlow, bool> isWanted) => Subset(Positions(isWanted));

    /// <summary>Gets the positions of the flows that a condition holds for, ascending.</summary>
    public int[] Positions(Func<LabelledFlow, bool> isWanted) =>
        [.. Enumerable.Range(0, Count).Where(position => isWanted(this[position]))];

    /// <summary>Gets at most a number of the flows, evenly spaced; see <see cref="EvenSample"/>.</summary>
    public FlowSample EvenlySampled(int max) => Count <= max ? this : Subset(EvenSample.Indices(Count, max));

    /// <summary>Gets the flows that are not in another sample of the same data set, in their order.</summary>
    public FlowSample Except(FlowSample others)
    {
        var left = others.flows.ToHashSet();
        return Subset([.. Enumerable.Range(0, Count).Where(position => !left.Contains(flows[position]))]);
    }

    /// <summary>Gets the flows of this sample and, behind them, those of another with the same classes.</summary>
    public FlowSample Concat(FlowSample others) =>
        new(Data, [.. flows, .. others.flows], Classes, [.. Labels, .. others.Labels]);

    /// <summary>Finds flows of this sample that make up another.</summary>
    /// <returns>[position in <paramref name="part"/>]: the position of the same flow here.</returns>
    /// <exception cref="KeyNotFoundException">A flow of the other sample is not in this one.</exception>
    public int[] PositionsOf(FlowSample part)
    {
        var positions = flows.Index().ToDictionary(flow => flow.Item, flow => flow.Index);
        return [.. part.flows.Select(flow => positions[flow])];
    }

    /// <summary>Gets the same flows under classes of another kind.</summary>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="labels">[position]: the flow's class among them.</param>
    public FlowSample WithLabels(IReadOnlyList<string> classes, ReadOnlySpan<int> labels) =>
        labels.Length == Count
            ? new(Data, flows, classes, [.. labels])
            : throw new ArgumentException($"{labels.Length} labels for {Count} flows", nameof(labels));

    public IEnumerator<LabelledFlow> GetEnumerator()
    {
        for (var position = 0; position < Count; position++)
        {
            yield return this[position];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
