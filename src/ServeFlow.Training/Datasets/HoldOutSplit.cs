namespace ServeFlow.Training.Datasets;

/// <summary>Holds a share of the captures back from training.</summary>
static class HoldOutSplit
{
    /// <summary>
    /// The flows to train on. A class whose every flow would be held back trains all the same: one that the bundle
    /// had never seen could not be evaluated either.
    /// </summary>
    public static FlowSample TrainingFlows(DataSet data, double share, SplitKind split, int seed)
    {
        if (share <= 0)
        {
            return FlowSample.All(data);
        }

        var (train, rest) = SplitFlows(FlowSample.All(data), share, split, seed);
        if (split == SplitKind.Capture && train.Groups.Distinct().Take(2).Count() == 1
            && DominantCapture.Explain(FlowSample.All(data)) is { } cause)
        {
            throw new InputException($"holding back a share of {share} leaves one {data.GroupWord} to train on, and "
                + $"training divides by {data.GroupWord} again: {cause}")
            {
                Settings = data.Groups.Count > 0 ? [Setting.HoldOut] : [Setting.HoldOut, Setting.Split],
            };
        }

        return rest.Count > 0
            ? train
            : throw new InputException($"no {data.GroupWord} can be held back, each is the only one of a class, and a "
                + $"share of {share} was asked for; give more {data.GroupWord}s, or hold none back")
            {
                Settings = [Setting.HoldOut],
            };
    }

    /// <summary>Divides flows in two; every class stays among those to train on.</summary>
    public static (FlowSample Train, FlowSample Held) SplitFlows(FlowSample flows, double share, SplitKind split,
        int seed)
    {
        var parts = Split.Create(flows, share, split, seed);
        var known = parts.Train.Labels.ToHashSet();
        var back = parts.HeldOut.Where(flow => !known.Contains(flow.Label)).Groups.ToHashSet();
        var groups = parts.HeldOut.Groups;
        var rest = parts.HeldOut.Subset([.. Enumerable.Range(0, groups.Length).Where(p => !back.Contains(groups[p]))]);
        return (flows.Except(rest), rest);
    }
}
