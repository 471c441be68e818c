using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Finds classes that a single visible field tells from all others: often a laboratory's habit (a hop count, a stack,
/// an address plan) and not the class. Each field of each packet is a table from value to class, filled on some folds
/// and scored on the others.
/// </summary>
public static class ShortcutFeatures
{
    /// <summary>Precision and recall from which a field is said to tell a class.</summary>
    const double MinPrecisionAndRecall = 0.95;

    /// <summary>A class of fewer flows is told by anything.</summary>
    const int MinFlows = 20;

    /// <summary>Specifies the number of packets that are looked at: one field of one later packet carries no class that
    /// these do not.</summary>
    const int MaxPackets = 3;

    /// <param name="folds">The folds of the flows to train on; every flow is held out by one of them.</param>
    /// <param name="depth">Packets that models will see.</param>
    /// <returns>One for each class that has any, in the order of classes.</returns>
    public static IReadOnlyList<ShortcutFeature> Find(IReadOnlyList<SplitParts> folds, int depth,
        CancellationToken cancel = default)
    {
        var data = folds[0].HeldOut.Data;
        var flows = folds.SelectMany(fold => fold.HeldOut.Labels.Select((label, position) =>
            (Label: label, Index: fold.HeldOut.FlowIndex(position)))).ToLookup(flow => flow.Label, flow => flow.Index);
        if (flows.Count < 2)
        {
            return [];
        }

        var found = new List<(int Class, ShortcutFeature Found)>();
        foreach (var name in NarrowSchema.Fields(data.Schema))
        {
            for (var packet = 0; packet < Math.Min(depth, MaxPackets); packet++)
            {
                cancel.ThrowIfCancellationRequested();
                var values = new FieldValues(data, RecordField.FromName(name), packet);
                found.AddRange(FindClasses(values.All, folds).Where(score => flows[score.Class].Count() >= MinFlows)
                    .Select(score => (score.Class, Describe(data, values, [.. flows[score.Class]], score))));
            }
        }

        // A class with a protocol of its own is told by the headers that there are, whatever is in them.
        var byHeaders = FindClasses(Headers(data), folds).Select(score => score.Class).ToHashSet();
        found.RemoveAll(one => byHeaders.Contains(one.Class));
        return [.. found.GroupBy(one => one.Class).OrderBy(ofClass => ofClass.Key)
            .Select(ofClass => Best([.. ofClass.Select(one => one.Found)]))];
    }

    /// <summary>The earliest packet first: it is there for every flow; then what tells it most surely.</summary>
    static ShortcutFeature Best(IReadOnlyList<ShortcutFeature> all)
    {
        var best = all.OrderBy(one => one.Packet).ThenByDescending(one => Math.Min(one.Precision, one.Recall)).First();
        return best with { OtherFields = all.Select(one => one.Field).Distinct().Count() - 1 };
    }

    static IEnumerable<TableScore> FindClasses(ulong?[] values, IReadOnlyList<SplitParts> folds) =>
        FieldTable.Score(values, folds).Where(score =>
            score.Precision > MinPrecisionAndRecall && score.Recall > MinPrecisionAndRecall);

    static ulong?[] Headers(DataSet data) =>
        [.. Enumerable.Range(0, data.Flows.Count).Select(flow => (ulong?)FirstHeaders.GetBits(data, flow))];

    static ShortcutFeature Describe(DataSet data, FieldValues values, int[] flows, TableScore score)
    {
        var (value, share) = values.MostCommon(flows);
        return new(data.Labels[score.Class], values.Field, values.Packet, value, share, score.Precision, score.Recall,
            0, data.Schema.Mask == "none" ? values.Field : $"{data.Schema.Mask},{values.Field}");
    }
}
