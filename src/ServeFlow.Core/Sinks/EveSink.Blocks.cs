using ServeFlow.Cascade;
using ServeFlow.Flows;

namespace ServeFlow.Sinks;

/// <summary>The nested objects of an EVE record: <c>flow</c>, <c>tcp</c> and <c>serveflow</c>.</summary>
public sealed partial class EveSink
{
    void WriteFlow(in FlowRecord record, ref TextCursor text)
    {
        ref readonly var flow = ref record.Flow;
        text.Text(",\"flow\":{\"pkts_toserver\":"u8);
        text.Integer(flow.PacketsForward);
        text.Text(",\"pkts_toclient\":"u8);
        text.Integer(flow.PacketsBackward);
        text.Text(",\"bytes_toserver\":"u8);
        text.Integer(flow.BytesForward);
        text.Text(",\"bytes_toclient\":"u8);
        text.Integer(flow.BytesBackward);
        text.Text(",\"start\":\""u8);
        times.Write(flow.FirstNs, ref text);
        text.Text("\""u8);
        if (record.Kind == RecordKind.End)
        {
            WriteEnd(flow, record.EndReason, ref text);
        }

        text.Text("}"u8);
    }

    void WriteEnd(in Flow flow, EndReason reason, ref TextCursor text)
    {
        text.Text(",\"end\":\""u8);
        times.Write(flow.LastNs, ref text);
        text.Text("\",\"age\":"u8);
        text.Integer(FlowFacts.AgeSeconds(flow));
        text.Text(",\"state\":\""u8);
        text.Text(FlowFacts.State(flow));
        text.Text("\",\"reason\":\""u8);
        text.Text(RecordWords.Of(reason));
        text.Text("\""u8);
        if (reason == EndReason.LackOfResources)
        {
            text.Text(",\"emergency\":true"u8);
        }
    }

    static void WriteTcp(in Flow flow, ref TextCursor text)
    {
        var flags = flow.TcpFlagsForward | flow.TcpFlagsBackward;
        text.Text(",\"tcp\":{\"tcp_flags\":"u8);
        text.Text(EveWords.Hex[flags]);
        text.Text(",\"tcp_flags_ts\":"u8);
        text.Text(EveWords.Hex[flow.TcpFlagsForward]);
        text.Text(",\"tcp_flags_tc\":"u8);
        text.Text(EveWords.Hex[flow.TcpFlagsBackward]);
        text.Text(EveWords.Flags[flags]);
        text.Text(",\"state\":\""u8);
        text.Text(RecordWords.Of(flow.TcpState));
        text.Text("\"}"u8);
    }

    void WriteAnswer(in FlowRecord record, ref TextCursor text)
    {
        ref readonly var answer = ref record.Classification;
        text.Text(",\"serveflow\":"u8);
        text.Text(words.Label(answer.LabelId));
        text.Decimals(answer.Confidence);
        var isPrediction = record.Kind == RecordKind.Prediction;
        if (isPrediction)
        {
            WriteTop(answer, ref text);
        }

        text.Text(words.Verdict(answer.Tier, answer.Reason));
        if (isPrediction)
        {
            WriteUncertainty(answer, ref text);
            WriteNovelty(answer, ref text);
        }

        text.Text(words.Model(answer.Tier));
        text.Integer(answer.PacketsUsed);
        if (isPrediction)
        {
            text.Text(",\"latency_us\":{\"wait\":"u8);
            text.Integer(Math.Max(0, answer.DecidedNs - answer.FirstNs) / 1000);
            text.Text("}"u8);
        }

        if (!words.Windows.AreWholeFlows)
        {
            WriteWindow(record.Flow, ref text);
        }

        text.Text(",\"revision\":"u8);
        text.Integer(answer.Revision);
        text.Text("}"u8);
    }

    /// <summary>The window that the answer is for: the one of the latest packet at that moment.</summary>
    void WriteWindow(in Flow flow, ref TextCursor text)
    {
        text.Text(",\"window\":{\"number\":"u8);
        text.Integer(words.Windows.NumberOf(flow.FirstNs, flow.LastNs));
        text.Text(",\"start\":\""u8);
        times.Write(words.Windows.StartOf(flow.FirstNs, flow.LastNs), ref text);
        text.Text("\"}"u8);
    }

    void WriteTop(in Classification answer, ref TextCursor text)
    {
        text.Text(",\"topk\":["u8);
        for (var rank = 0; rank < Classification.TopCount && answer.TopLabels[rank] >= 0; rank++)
        {
            if (rank > 0)
            {
                text.Text(","u8);
            }

            text.Text(words.TopLabel(answer.TopLabels[rank]));
            text.Decimals(answer.TopConfidences[rank]);
            text.Text("]"u8);
        }

        text.Text("]"u8);
    }

    /// <summary>Nothing where the tier does not ask whether a flow is of an unknown class.</summary>
    static void WriteNovelty(in Classification answer, ref TextCursor text)
    {
        if (answer.NoveltyThreshold == 0)
        {
            return;
        }

        text.Text(",\"novelty\":{\"value\":"u8);
        text.Decimals(answer.Novelty);
        text.Text(",\"threshold\":"u8);
        text.Decimals(answer.NoveltyThreshold);
        text.Text("}"u8);
    }

    /// <summary>The last tier's threshold is infinite, which JSON cannot say: the field is left out there.</summary>
    void WriteUncertainty(in Classification answer, ref TextCursor text)
    {
        text.Text(words.Measure(answer.Tier));
        text.Decimals(answer.Uncertainty);
        if (float.IsFinite(answer.Threshold))
        {
            text.Text(",\"threshold\":"u8);
            text.Decimals(answer.Threshold);
        }

        text.Text("}"u8);
    }
}
