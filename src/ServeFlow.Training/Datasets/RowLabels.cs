using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Label rows of one capture, and those that name no capture. Each row takes one flow; rows that take the same flow
/// must agree.
/// </summary>
/// <param name="own">Rows of this capture.</param>
/// <param name="loose">Rows that name no capture, shared by all.</param>
/// <param name="isOnly">Whether this capture is the only one.</param>
sealed class RowLabels(Dictionary<FlowKey, List<RowMatch>> own, Dictionary<FlowKey, List<RowMatch>> loose, bool isOnly)
    : ICaptureLabels
{
    readonly HashSet<RowMatch> seenWithoutCapture = [];

    public int Repeated { get; private set; }

    public LabelInterest Begin(in Flow flow, int candidate)
    {
        var key = LabelKeys.Create(flow);
        var (known, wanted) = (false, false);
        if (own.TryGetValue(key, out var rows))
        {
            known = true;
            wanted = Offer(rows, flow, candidate);
        }

        if (loose.TryGetValue(key, out rows))
        {
            known = true;
            seenWithoutCapture.UnionWith(rows);
            wanted |= Offer(rows, flow, candidate);
        }

        return wanted ? LabelInterest.Keep : known ? LabelInterest.Count : LabelInterest.None;
    }

    /// <summary>Every row looks at the flow, also after one wanted it.</summary>
    static bool Offer(List<RowMatch> rows, in Flow flow, int candidate)
    {
        var wanted = false;
        foreach (var row in rows)
        {
            wanted |= row.TryMatch(flow, candidate);
        }

        return wanted;
    }

    public void Resolve(IReadOnlyList<CandidateFlow> candidates, long fromNs, long toNs)
    {
        foreach (var row in own.Values.SelectMany(rows => rows))
        {
            Assign(row, row.Resolve(fromNs, toNs, anyTime: true), candidates);
        }

        foreach (var row in seenWithoutCapture.Where(row => !row.IsMatched))
        {
            Assign(row, row.Resolve(fromNs, toNs, isOnly), candidates);
        }
    }

    void Assign(RowMatch row, int chosen, IReadOnlyList<CandidateFlow> candidates)
    {
        if (chosen < 0)
        {
            return;
        }

        var candidate = candidates[chosen];
        if (candidate.Label is null)
        {
            (candidate.Label, candidate.Line) = (row.Row.Label, row.Row.Line);
        }
        else if (candidate.Label == row.Row.Label)
        {
            Repeated++;
        }
        else
        {
            candidate.HasConflict = true;
        }
    }
}
