using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Telemetry;

namespace ServeFlow.Tests.Sinks;

/// <summary>The nested objects of an EVE record: <c>flow</c>, <c>tcp</c> and <c>serveflow</c>.</summary>
sealed partial class ReferenceEveSink
{
    void WriteFlow(in FlowRecord record)
    {
        ref readonly var flow = ref record.Flow;
        json.WriteStartObject("flow"u8);
        json.WriteNumber("pkts_toserver"u8, flow.PacketsForward);
        json.WriteNumber("pkts_toclient"u8, flow.PacketsBackward);
        json.WriteNumber("bytes_toserver"u8, flow.BytesForward);
        json.WriteNumber("bytes_toclient"u8, flow.BytesBackward);
        WriteTimestamp("start"u8, flow.FirstNs);
        if (record.Kind == RecordKind.End)
        {
            WriteTimestamp("end"u8, flow.LastNs);
            json.WriteNumber("age"u8, FlowFacts.AgeSeconds(flow));
            json.WriteString("state"u8, FlowFacts.State(flow));
            json.WriteString("reason"u8, RecordWords.Get(record.EndReason));
            if (record.EndReason == EndReason.LackOfResources)
            {
                json.WriteBoolean("emergency"u8, true);
            }
        }

        json.WriteEndObject();
    }

    void WriteTcp(in FlowRecord record)
    {
        var forward = record.Flow.TcpFlagsForward;
        var backward = record.Flow.TcpFlagsBackward;
        var flags = (byte)(forward | backward);
        json.WriteStartObject("tcp"u8);
        WriteHex("tcp_flags"u8, flags);
        WriteHex("tcp_flags_ts"u8, forward);
        WriteHex("tcp_flags_tc"u8, backward);
        WriteFlag("syn"u8, flags, TcpFlags.Syn);
        WriteFlag("fin"u8, flags, TcpFlags.Fin);
        WriteFlag("rst"u8, flags, TcpFlags.Rst);
        WriteFlag("psh"u8, flags, TcpFlags.Psh);
        WriteFlag("ack"u8, flags, TcpFlags.Ack);
        WriteFlag("urg"u8, flags, TcpFlags.Urg);
        WriteFlag("ecn"u8, flags, TcpFlags.Ece);
        WriteFlag("cwr"u8, flags, TcpFlags.Cwr);
        json.WriteString("state"u8, RecordWords.Get(record.Flow.TcpState));
        json.WriteEndObject();
    }

    void WriteAnswer(in FlowRecord record)
    {
        ref readonly var answer = ref record.Classification;
        json.WriteStartObject("serveflow"u8);
        json.WriteNumber("schema"u8, RecordWords.Schema);
        json.WriteString("label"u8, context.Plan.Label(answer.LabelId));
        json.WriteNumber("label_id"u8, answer.LabelId);
        json.WriteNumber("confidence"u8, Rounded(answer.Confidence));
        if (record.Kind == RecordKind.Prediction)
        {
            WriteTop(answer);
        }

        json.WriteString("state"u8, RecordWords.State(answer.Reason));
        json.WriteString("tier"u8, context.Plan.Tier(answer.Tier));
        json.WriteString("reason"u8, RecordWords.Get(answer.Reason));
        if (record.Kind == RecordKind.Prediction)
        {
            WriteUncertainty(answer);
            WriteNovelty(answer);
        }

        json.WriteString("model"u8, context.Plan.Name);
        json.WriteString("model_version"u8, context.Plan.Version);
        json.WriteString("model_sha256"u8, plan.Tiers[answer.Tier].ModelSha256);
        json.WriteString("features"u8, plan.FeatureSet);
        json.WriteNumber("packets_used"u8, answer.PacketsUsed);
        if (record.Kind == RecordKind.Prediction)
        {
            json.WriteStartObject("latency_us"u8);
            json.WriteNumber("wait"u8, Math.Max(0, answer.DecidedNs - answer.FirstNs) / 1000);
            json.WriteEndObject();
        }

        if (plan.Window is { } window)
        {
            var length = (long)window.TotalNanoseconds;
            var number = (record.Flow.LastNs - record.Flow.FirstNs) / length;
            json.WriteStartObject("window"u8);
            json.WriteNumber("number"u8, number);
            WriteTimestamp("start"u8, record.Flow.FirstNs + (number * length));
            json.WriteEndObject();
        }

        json.WriteNumber("revision"u8, answer.Revision);
        json.WriteEndObject();
    }

    void WriteNovelty(in Classification answer)
    {
        if (answer.NoveltyThreshold != 0)
        {
            json.WriteStartObject("novelty"u8);
            json.WriteNumber("value"u8, Rounded(answer.Novelty));
            json.WriteNumber("threshold"u8, Rounded(answer.NoveltyThreshold));
            json.WriteEndObject();
        }
    }

    void WriteTop(in Classification answer)
    {
        json.WriteStartArray("topk"u8);
        for (var rank = 0; rank < Classification.TopCount && answer.TopLabels[rank] >= 0; rank++)
        {
            json.WriteStartArray();
            json.WriteStringValue(context.Plan.Label(answer.TopLabels[rank]));
            json.WriteNumberValue(Rounded(answer.TopConfidences[rank]));
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>The last tier's threshold is infinite, which JSON cannot say: the field is left out there.</summary>
    void WriteUncertainty(in Classification answer)
    {
        json.WriteStartObject("uncertainty"u8);
        json.WriteString("measure"u8, SnakeCase.From(plan.Tiers[answer.Tier].Measure));
        json.WriteNumber("value"u8, Rounded(answer.Uncertainty));
        if (float.IsFinite(answer.Threshold))
        {
            json.WriteNumber("threshold"u8, Rounded(answer.Threshold));
        }

        json.WriteEndObject();
    }

    void WriteFlag(ReadOnlySpan<byte> name, byte flags, byte flag)
    {
        if ((flags & flag) != 0)
        {
            json.WriteBoolean(name, true);
        }
    }

    void WriteHex(ReadOnlySpan<byte> name, byte value)
    {
        var digits = "0123456789abcdef"u8;
        json.WriteString(name, [digits[value >> 4], digits[value & 15]]);
    }

    /// <summary>Six decimals: more than a probability from trees can mean.</summary>
    static double Rounded(float value) => float.IsFinite(value) ? Math.Round(value, 6) : 0;
}
