using ServeFlow.Flows;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Label rows of one capture, and those that name no capture. Each row takes one flow; rows that take the same flow
/// must agree.
/// </summary>
/// <param name="own">Rows of this capture.</param>
/// <param name="loose">Rows that name no capture, shared by all.</param>
sealed class RowLabels(Dictionary<FlowKey, RowGroup> own, Dictionary<FlowKey, RowGroup> loose)
    : ICaptureLabels
{
    readonly HashSet<RowGroup> seenWithoutCapture = [];

    public int Repeated { get; private set; }

    public LabelInterest Begin(in Flow flow, long firstNs, int candidate)
    {
        var key = LabelKeys.Create(flow);
        var (known, wanted) = (false, false);
        if (own.TryGetValue(key, out var rows))
        {
            known = true;
            wanted = rows.Offer(flow, firstNs, candidate);
        }

        if (loose.TryGetValue(key, out rows))
        {
            known = true;
            seenWithoutCapture.Add(rows);
            wanted |= rows.Offer(flow, firstNs, candidate);
        }

        return wanted ? LabelInterest.Keep : known ? LabelInterest.Count : LabelInterest.None;
    }

    public void Resolve(IReadOnlyList<CandidateFlow> candidates)
    {
        foreach (var row in own.Values.SelectMany(group => group.Rows).Concat(seenWithoutCapture
            .OrderBy(group => group.Rows[0].Row.Line).SelectMany(group => group.Rows).Where(row => !row.IsMatched)))
        {
            Assign(row, candidates);
        }
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

/// <summary>
/// The rows of one five-tuple, in the order of their times. A flow meets the rows about its own time, so that a tuple
/// used very often takes no time that grows with the square of its flows.
/// </summary>
/// <param name="toleranceNs">How far a row's time may be off.</param>
sealed class RowGroup(long toleranceNs)
{
    /// <summary>
    /// Rows that are compared with every flow, besides those without a time: enough to see whether all are shifted.
    /// </summary>
    const int MaxCompared = 64;

    readonly List<RowMatch> rows = new(1);
    bool isSorted;
    int compared;

    /// <summary>Gets whether a flow of the five-tuple was seen.</summary>
    public bool HasFlow { get; private set; }

    /// <summary>Gets the rows, those without a time first.</summary>
    public IReadOnlyList<RowMatch> Rows
    {
        get
        {
            Sort();
            return rows;
        }
    }

    public void Add(RowMatch row)
    {
        rows.Add(row);
        isSorted = false;
    }

    /// <summary>Shows a flow to the rows that may take it. Returns whether one wants it.</summary>
    /// <param name="firstNs">Capture time of its first packet, which the flow table may have corrected.</param>
    public bool Offer(in Flow flow, long firstNs, int candidate)
    {
        Sort();
        HasFlow = true;
        var wanted = Offer(0, compared, flow, firstNs, candidate);
        if (rows.Count > compared)
        {
            var (low, high) = (Math.Min(flow.FirstNs, firstNs), Math.Max(flow.FirstNs, firstNs));
            var end = OfferAbout(low, compared, flow, firstNs, candidate, ref wanted);
            OfferAbout(high, end, flow, firstNs, candidate, ref wanted);
        }

        return wanted;
    }

    /// <summary>Offers a flow to the rows within the tolerance of a time. Returns the place after the last.</summary>
    /// <param name="from">The first place that is looked at; rows before have seen the flow.</param>
    int OfferAbout(long ns, int from, in Flow flow, long firstNs, int candidate, ref bool wanted)
    {
        var begin = Math.Max(from, FindFirst(ns - toleranceNs));
        var end = begin;
        while (end < rows.Count && (rows[end].Row.FirstNs ?? long.MinValue) <= ns + toleranceNs)
        {
            end++;
        }

        wanted |= Offer(begin, end, flow, firstNs, candidate);
        return end;
    }

    bool Offer(int begin, int end, in Flow flow, long firstNs, int candidate)
    {
        var wanted = false;
        for (var i = begin; i < end; i++)
        {
            wanted |= rows[i].TryMatch(flow, firstNs, candidate);
        }

        return wanted;
    }

    /// <summary>Finds the first row that is not before a time.</summary>
    int FindFirst(long ns)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = (rows[middle].Row.FirstNs ?? long.MinValue) < ns ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    void Sort()
    {
        if (!isSorted)
        {
            rows.Sort((a, b) => a.Row.FirstNs == b.Row.FirstNs
                ? a.Row.Line.CompareTo(b.Row.Line)
                : Nullable.Compare(a.Row.FirstNs, b.Row.FirstNs));
            var timeless = rows.FindIndex(row => row.Row.FirstNs is not null);
            compared = Math.Min(rows.Count, Math.Max(MaxCompared, timeless < 0 ? rows.Count : timeless));
            isSorted = true;
        }
    }
}
