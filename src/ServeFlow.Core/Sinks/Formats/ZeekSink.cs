using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// Zeek's <c>conn.log</c>: tab-separated with its header lines, a line per flow, when it ends, and five columns of
/// ours behind Zeek's own; of several tasks four for each. What Zeek would not say is '-'.
/// </summary>
public sealed class ZeekSink : IRecordSink
{
    const string Fields = "ts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes"
        + "\tresp_bytes\tconn_state\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"
        + "\tcommunity_id";

    const string Types = "time\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tcount"
        + "\tstring\tcount\tcount\tcount\tcount\tstring";

    const string AnswerTypes = "\tstring\tdouble\tstring\tstring";

    readonly ByteOutput output;
    readonly RecordContext context;

    /// <summary>Holds the plans where they answer several tasks; null where there is one.</summary>
    readonly ServedPlans? tasks;
    bool isOpen;
    long latestNs;

    /// <param name="stream">Receives the lines; stays open.</param>
    public ZeekSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        output = new(stream);
        context = new(plan, options, ZeekText.Encode);
        tasks = options.TaskPlans;
    }

    public bool WantsPredictions => false;

    public long Pending => output.PendingRecords;

    public long Bytes => output.Bytes;

    public void BeginCapture(string name) => context.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        if (record.Kind != RecordKind.End)
        {
            return;
        }

        latestNs = Math.Max(latestNs, record.TimestampNs);
        Open();
        WriteConnection(record.Flow);
        WriteCounts(record.Flow);
        WriteAnswer(record);
        output.Append((byte)'\n');
        output.EndRecord();
    }

    public void Flush() => output.Flush();

    public void Dispose()
    {
        Open();
        output.AppendAscii($"#close\t{LogTime(latestNs)}\n");
        output.Dispose();
    }

    /// <summary>
    /// The header lines. Their time is that of the first record, so that a replay gives the same file.
    /// </summary>
    void Open()
    {
        if (isOpen)
        {
            return;
        }

        isOpen = true;
        output.AppendAscii("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
            + $"#unset_field\t-\n#path\tconn\n#open\t{LogTime(latestNs)}\n#fields\t{Fields}{AnswerFields()}\n"
            + $"#types\t{Types}{string.Concat(Enumerable.Repeat(AnswerTypes, tasks?.Tasks ?? 1))}\n");
    }

    /// <summary>Four columns for the answer of each task, named by it where there are several.</summary>
    string AnswerFields() => string.Concat(Enumerable.Range(0, tasks?.Tasks ?? 1).Select(task =>
    {
        var prefix = tasks is null ? "sf" : $"sf_{TaskSet.ToColumn(tasks[task].Task)}";
        return $"\t{prefix}_label\t{prefix}_confidence\t{prefix}_tier\t{prefix}_model";
    }));

    static string LogTime(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd-HH-mm-ss");

    void WriteConnection(in Flow flow)
    {
        output.Advance(FieldText.Seconds(flow.FirstNs, output.GetSpan(FieldText.MaxLength)));
        Tab();
        output.Advance(ZeekText.WriteUid(flow, output.GetSpan(FieldText.MaxLength)));
        Tab();
        output.Advance(AddressText.Write(flow.Source, flow.Key.IpVersion, output.GetSpan(FieldText.MaxLength)));
        Tab();
        output.AppendInteger(flow.SourcePort);
        Tab();
        output.Advance(AddressText.Write(flow.Destination, flow.Key.IpVersion, output.GetSpan(FieldText.MaxLength)));
        Tab();
        output.AppendInteger(flow.DestinationPort);
        Tab();
        output.Append(ProtocolName.GetZeek(flow.Key.Protocol));
        output.Append("\t-\t"u8);
    }

    void WriteCounts(in Flow flow)
    {
        if ((long)flow.PacketsForward + flow.PacketsBackward > 1)
        {
            output.Advance(FieldText.Seconds(flow.LastNs - flow.FirstNs, output.GetSpan(FieldText.MaxLength)));
        }
        else
        {
            output.Append((byte)'-');
        }

        Tab();
        output.AppendInteger(flow.PayloadForward);
        Tab();
        output.AppendInteger(flow.PayloadBackward);
        Tab();
        output.AppendAscii(ConnState.FromFlow(flow));
        output.Append("\t0\t"u8);
        WriteHistory(flow.History);
        Tab();
        output.AppendInteger(flow.PacketsForward);
        Tab();
        output.AppendInteger(flow.IpBytesForward);
        Tab();
        output.AppendInteger(flow.PacketsBackward);
        Tab();
        output.AppendInteger(flow.IpBytesBackward);
        Tab();
    }

    void WriteHistory(FlowHistory history)
    {
        Span<char> letters = stackalloc char[FlowHistory.MaxLength];
        var length = history.Format(letters);
        output.AppendAscii(length > 0 ? letters[..length] : ['-']);
    }

    void WriteAnswer(in FlowRecord record)
    {
        output.Advance(FlowFacts.CommunityId(record.Flow, context.CommunityIdSeed,
            output.GetSpan(FieldText.MaxLength)));
        if (tasks is null)
        {
            context.Use(record.Model);
            WriteAnswer(record.Classification, context.Plan);
            return;
        }

        for (var task = 0; task < tasks.Tasks; task++)
        {
            var answer = record.AnswerOf(task, tasks, out var model);
            WriteAnswer(answer, context.TextOf(model));
        }
    }

    void WriteAnswer(in Classification answer, PlanText plan)
    {
        Tab();
        output.Append(plan.Label(answer.LabelId));
        Tab();
        output.AppendReal(Math.Round(answer.Confidence, 6));
        Tab();
        output.Append(plan.Tier(answer.Tier));
        Tab();
        output.Append(plan.Name);
    }

    void Tab() => output.Append((byte)'\t');
}
