using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>Writes the nested objects of an EVE record: <c>flow</c>, <c>tcp</c> and <c>serveflow</c>.</summary>
public sealed partial class EveSink
{
    void WriteFlow(in FlowRecord record, ref TextCursor text)
    {
        ref readonly var flow = ref record.Flow;
        text.Append(",\"flow\":{\"pkts_toserver\":"u8);
        text.AppendInteger(flow.PacketsForward);
        text.Append(",\"pkts_toclient\":"u8);
        text.AppendInteger(flow.PacketsBackward);
        text.Append(",\"bytes_toserver\":"u8);
        text.AppendInteger(flow.BytesForward);
        text.Append(",\"bytes_toclient\":"u8);
        text.AppendInteger(flow.BytesBackward);
        text.Append(",\"start\":\""u8);
        times.Write(flow.FirstNs, ref text);
        text.Append("\""u8);
        if (record.Kind == RecordKind.End)
        {
            WriteEnd(flow, record.EndReason, ref text);
        }

        text.Append("}"u8);
    }

    void WriteEnd(in Flow flow, EndReason reason, ref TextCursor text)
    {
        text.Append(",\"end\":\""u8);
        times.Write(flow.LastNs, ref text);
        text.Append("\",\"age\":"u8);
        text.AppendInteger(FlowFacts.AgeSeconds(flow));
        text.Append(",\"state\":\""u8);
        text.Append(FlowFacts.State(flow));
        text.Append("\",\"reason\":\""u8);
        text.Append(RecordWords.Get(reason));
        text.Append("\""u8);
        if (reason == EndReason.LackOfResources)
        {
            text.Append(",\"emergency\":true"u8);
        }
    }

    static void WriteTcp(in Flow flow, ref TextCursor text)
    {
        var flags = flow.TcpFlagsForward | flow.TcpFlagsBackward;
        text.Append(",\"tcp\":{\"tcp_flags\":"u8);
        text.Append(EveFragments.Hex[flags]);
        text.Append(",\"tcp_flags_ts\":"u8);
        text.Append(EveFragments.Hex[flow.TcpFlagsForward]);
        text.Append(",\"tcp_flags_tc\":"u8);
        text.Append(EveFragments.Hex[flow.TcpFlagsBackward]);
        text.Append(EveFragments.Flags[flags]);
        text.Append(",\"state\":\""u8);
        text.Append(RecordWords.Get(flow.TcpState));
        text.Append("\"}"u8);
    }

    void WriteAnswer(in FlowRecord record, ref TextCursor text)
    {
        ref readonly var answer = ref record.Classification;
        text.Append(",\"serveflow\":"u8);
        text.Append(fragments.Label(answer.LabelId));
        text.AppendReal(answer.Confidence);
        var isPrediction = record.Kind == RecordKind.Prediction;
        if (isPrediction)
        {
            WriteTop(answer, ref text);
        }

        text.Append(fragments.Decision(answer.Tier, answer.Reason));
        if (isPrediction)
        {
            WriteUncertainty(answer, ref text);
            WriteNovelty(answer, ref text);
        }

        text.Append(fragments.Model(answer.Tier));
        text.AppendInteger(answer.PacketsUsed);
        if (isPrediction)
        {
            text.Append(",\"latency_us\":{\"wait\":"u8);
            text.AppendInteger(Math.Max(0, answer.DecidedNs - answer.FirstNs) / 1000);
            text.Append("}"u8);
        }

        if (!fragments.Windows.IsWholeFlow)
        {
            WriteWindow(record.Flow, ref text);
        }

        text.Append(",\"revision\":"u8);
        text.AppendInteger(answer.Revision);
        text.Append("}"u8);
    }

    /// <summary>The answers of all tasks to an ended flow, an object each.</summary>
    void WriteAnswers(in FlowRecord record)
    {
        for (var task = 0; task < tasks!.Tasks; task++)
        {
            var answer = record.AnswerOf(task, tasks, out var number);
            var words = plans[number];
            var text = new TextCursor(output.GetSpan(words.MaxRecordLength));
            var label = words.TaskLabel(answer.LabelId);
            if (task == 0)
            {
                text.Append(EveFragments.Tasks);
                label = label[1..]; // no comma before the first
            }

            text.Append(label);
            text.AppendReal(answer.Confidence);
            text.Append(words.Decision(answer.Tier, answer.Reason));
            text.Append(words.Model(answer.Tier));
            text.AppendInteger(answer.PacketsUsed);
            text.Append(",\"revision\":"u8);
            text.AppendInteger(answer.Revision);
            text.Append(task + 1 < tasks.Tasks ? "}"u8 : "}}}"u8);
            output.Advance(text.Length);
        }
    }

    /// <summary>The window that the answer is for: the one of the latest packet at that moment.</summary>
    void WriteWindow(in Flow flow, ref TextCursor text)
    {
        text.Append(",\"window\":{\"number\":"u8);
        text.AppendInteger(fragments.Windows.NumberOf(flow.FirstNs, flow.LastNs));
        text.Append(",\"start\":\""u8);
        times.Write(fragments.Windows.StartOf(flow.FirstNs, flow.LastNs), ref text);
        text.Append("\"}"u8);
    }

    void WriteTop(in Classification answer, ref TextCursor text)
    {
        text.Append(",\"topk\":["u8);
        for (var rank = 0; rank < Classification.TopCount && answer.TopLabels[rank] >= 0; rank++)
        {
            if (rank > 0)
            {
                text.Append(","u8);
            }

            text.Append(fragments.TopLabel(answer.TopLabels[rank]));
            text.AppendReal(answer.TopConfidences[rank]);
            text.Append("]"u8);
        }

        text.Append("]"u8);
    }

    /// <summary>Writes the novelty, or nothing where the tier does not check for unknown classes.</summary>
    static void WriteNovelty(in Classification answer, ref TextCursor text)
    {
        if (answer.NoveltyThreshold == 0)
        {
            return;
        }

        text.Append(",\"novelty\":{\"value\":"u8);
        text.AppendReal(answer.Novelty);
        text.Append(",\"threshold\":"u8);
        text.AppendReal(answer.NoveltyThreshold);
        text.Append("}"u8);
    }

    /// <summary>The last tier's threshold is infinite, which JSON cannot say: the field is left out there.</summary>
    void WriteUncertainty(in Classification answer, ref TextCursor text)
    {
        text.Append(fragments.Measure(answer.Tier));
        text.AppendReal(answer.Uncertainty);
        if (float.IsFinite(answer.Threshold))
        {
            text.Append(",\"threshold\":"u8);
            text.AppendReal(answer.Threshold);
        }

        text.Append("}"u8);
    }
}
