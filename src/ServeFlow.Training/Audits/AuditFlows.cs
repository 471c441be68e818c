using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Audits;

/// <summary>
/// The flows of an audit, as a data set of its own that shares the headers: training flows first, then held-back ones.
/// </summary>
sealed class AuditFlows
{
    /// <summary>Limits the flows of each side, drawn at random: more would make no verdict surer.</summary>
    const int MaxFlows = 20_000;

    AuditFlows(DataSet data, int training)
    {
        Data = data;
        Train = FlowSample.From(data, Enumerable.Range(0, training));
        HeldOut = FlowSample.From(data, Enumerable.Range(training, data.Flows.Count - training));
    }

    public DataSet Data { get; }

    public FlowSample Train { get; }

    public FlowSample HeldOut { get; }

    /// <summary>Copies flows of one data set.</summary>
    /// <param name="train">Training flows; empty where they were not given.</param>
    /// <param name="rest">Held-back flows.</param>
    public static AuditFlows From(FlowSample train, FlowSample rest)
    {
        // A window whose flow was left out begins no flow that anyone could look for.
        var flows = train.Concat(rest).Select(flow => flow with { Window = 0 });
        return new(Copy(rest.Data, rest.Data.Schema, [.. flows], rest.Data.Headers), train.Count);
    }

    /// <summary>Draws at most as many flows of each side as models train on and score quickly.</summary>
    public AuditFlows Sample(Random random) => From(DrawSample(Train, random), DrawSample(HeldOut, random));

    /// <summary>The same flows and headers, seen with another schema.</summary>
    public AuditFlows With(FeatureSchema schema) => new(Copy(Data, schema, Data.Flows, Data.Headers), Train.Count);

    /// <summary>The same flows with other headers.</summary>
    /// <param name="rewrite">Changes a packet's headers in place; nothing else of a flow changes.</param>
    public AuditFlows With(RecordRewrite rewrite)
    {
        var store = new HeaderStore();
        var flows = new LabelledFlow[Data.Flows.Count];
        var records = new HeaderRecord[Data.Depth];
        for (var i = 0; i < flows.Length; i++)
        {
            var packets = Data.Packets(i);
            packets.CopyTo(records);
            foreach (ref var record in records.AsSpan(0, packets.Length))
            {
                rewrite(ref record);
            }

            flows[i] = Data.Flows[i] with { FirstRecord = store.Add(records.AsSpan(0, packets.Length)) };
        }

        return new(Copy(Data, Data.Schema, flows, store), Train.Count);
    }

    internal static DataSet Copy(DataSet data, FeatureSchema schema, IReadOnlyList<LabelledFlow> flows,
        HeaderStore headers) => new()
        {
            Schema = schema,
            Depth = data.Depth,
            WaitLimit = data.WaitLimit,
            Labels = data.Labels,
            Captures = data.Captures,
            Groups = data.Groups,
            GroupColumn = data.GroupColumn,
            Flows = flows,
            Headers = headers,
        };

    static FlowSample DrawSample(FlowSample flows, Random random)
    {
        if (flows.Count <= MaxFlows)
        {
            return flows;
        }

        int[] drawn = [.. Enumerable.Range(0, flows.Count)];
        random.Shuffle(drawn);
        return flows.Subset([.. drawn.Take(MaxFlows).Order()]);
    }
}

/// <summary>Changes a packet's headers in place.</summary>
delegate void RecordRewrite(ref HeaderRecord record);
