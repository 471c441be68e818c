namespace ServeFlow.Training.Datasets;

/// <summary>Holds a share of the captures back from training.</summary>
static class HoldOutSplit
{
    /// <summary>
    /// The flows to train on. A class whose every flow would be held back trains all the same: one that the bundle
    /// had never seen could not be evaluated either.
    /// </summary>
    public static IReadOnlyList<int> TrainingFlows(DataSet data, double share, SplitKind split, int seed)
    {
        if (share <= 0)
        {
            return [.. Enumerable.Range(0, data.Flows.Count)];
        }

        var (train, rest) = SplitFlows(data, [.. Enumerable.Range(0, data.Flows.Count)], share, split, seed);
        return rest.Count > 0
            ? train
            : throw new InputException($"--hold-out {share}: no capture can be held back, each is the only one of a "
                + "class; give more captures or leave --hold-out away");
    }

    /// <summary>Divides flows in two; every class stays among those to train on.</summary>
    public static (IReadOnlyList<int> Train, IReadOnlyList<int> Held) SplitFlows(DataSet data, IReadOnlyList<int> flows,
        double share, SplitKind split, int seed)
    {
        var parts = Split.Create(data, flows, share, split, seed);
        var known = parts.Train.Select(f => data.Flows[f].Label).ToHashSet();
        var back = parts.HeldOut.Where(f => !known.Contains(data.Flows[f].Label))
            .Select(f => data.Flows[f].Capture).ToHashSet();
        var rest = parts.HeldOut.Where(f => !back.Contains(data.Flows[f].Capture)).ToArray();
        return ([.. flows.Except(rest).Order()], rest);
    }
}
