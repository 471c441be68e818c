using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>Scores how well a table tells one class.</summary>
readonly record struct TableScore(int Class, double Precision, double Recall);

/// <summary>
/// A classifier that knows one value of a flow: each value stands for the class that had it most often. A flow without
/// a value, or with one never seen, gets no answer.
/// </summary>
static class FieldTable
{
    /// <param name="values">The flow's value, by flow index; null where it has none.</param>
    /// <returns>Precision and recall of every class that is ever answered, each flow by a table of the other
    /// folds.</returns>
    public static IEnumerable<TableScore> Score(ulong?[] values, IReadOnlyList<SplitParts> folds)
    {
        var classes = folds[0].HeldOut.Classes.Count;
        var (truth, answered, right) = (new int[classes], new int[classes], new int[classes]);
        foreach (var fold in folds)
        {
            var table = Fill(values, fold.Train);
            foreach (var (position, label) in fold.HeldOut.Labels.Index())
            {
                truth[label]++;
                if (values[fold.HeldOut.FlowIndex(position)] is { } value && table.TryGetValue(value, out var answer))
                {
                    answered[answer]++;
                    right[label] += answer == label ? 1 : 0;
                }
            }
        }

        return Enumerable.Range(0, truth.Length).Where(c => truth[c] > 0 && answered[c] > 0)
            .Select(c => new TableScore(c, (double)right[c] / answered[c], (double)right[c] / truth[c]));
    }

    static Dictionary<ulong, int> Fill(ulong?[] values, FlowSample flows)
    {
        var counts = new Dictionary<(ulong Value, int Label), int>();
        foreach (var (position, label) in flows.Labels.Index())
        {
            if (values[flows.FlowIndex(position)] is { } value)
            {
                var key = (value, label);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts.GroupBy(entry => entry.Key.Value)
            .ToDictionary(group => group.Key, group => group.MaxBy(entry => (entry.Value, -entry.Key.Label)).Key.Label);
    }
}
