using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Label rows of one capture, and those that name no capture. Each row takes one flow; rows that take the same flow
/// must agree.
/// </summary>
/// <param name="own">Rows of this capture.</param>
/// <param name="loose">Rows that name no capture, shared by all.</param>
sealed class RowLabels(Dictionary<FlowKey, List<RowMatch>> own, Dictionary<FlowKey, List<RowMatch>> loose)
    : ICaptureLabels
{
    readonly HashSet<RowMatch> seenWithoutCapture = [];

    public int Repeated { get; private set; }

    public LabelInterest Begin(in Flow flow, long firstNs, int candidate)
    {
        var key = LabelKeys.Create(flow);
        var (known, wanted) = (false, false);
        if (own.TryGetValue(key, out var rows))
        {
            known = true;
            wanted = Offer(rows, flow, firstNs, candidate);
        }

        if (loose.TryGetValue(key, out rows))
        {
            known = true;
            seenWithoutCapture.UnionWith(rows);
            wanted |= Offer(rows, flow, firstNs, candidate);
        }

        return wanted ? LabelInterest.Keep : known ? LabelInterest.Count : LabelInterest.None;
    }

    public void Resolve(IReadOnlyList<CandidateFlow> candidates)
    {
        foreach (var row in InOrder(own.Values.SelectMany(rows => rows))
            .Concat(InOrder(seenWithoutCapture.Where(row => !row.IsMatched))))
        {
            Assign(row, candidates);
        }
    }

    /// <summary>The order of times, then of the file, in which rows of one five-tuple choose among its flows.</summary>
    static IEnumerable<RowMatch> InOrder(IEnumerable<RowMatch> rows) =>
        rows.OrderBy(row => row.Row.FirstNs).ThenBy(row => row.Row.Line);

    /// <summary>Every row looks at the flow, also after one wanted it.</summary>
    static bool Offer(List<RowMatch> rows, in Flow flow, long firstNs, int candidate)
    {
        var wanted = false;
        foreach (var row in rows)
        {
            wanted |= row.TryMatch(flow, firstNs, candidate);
        }

        return wanted;
    }

    void Assign(RowMatch row, IReadOnlyList<CandidateFlow> candidates)
    {
        var chosen = row.Resolve(candidate => candidates[candidate].Row);
        if (chosen < 0)
        {
            return;
        }

        var candidate = candidates[chosen];
        if (candidate.Label is null)
        {
            (candidate.Label, candidate.Row) = (row.Row.Label, row.Row);
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
