using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

/// <summary>
/// The EVE sink, written by hand, against the base library's JSON writer, over records of any content.
/// </summary>
public sealed class EveAgainstReferenceTests
{
    internal static readonly CascadePlan Plan =
        TinyCascade.Plan(["plain", "é \"quoted\" \\ </b>\u0001 \ud83d\ude00"], 1, 3);

    /// <summary>Any bytes at all for the flow; the answer within its bounds.</summary>
    internal static readonly Gen<FlowRecord> Records = Gen.Select(
        Gen.Byte.Array[128], Gen.Select(Gen.Int[0, 1], Gen.Int[-1, 1], Gen.Int[-1, 1], Gen.Int[0, 1]),
        Gen.Single.Array[5], Gen.Int[0, 6], Gen.Select(Gen.Bool, Gen.Int[0, 4], Gen.Int[0, 4]), Gen.Long.Array[3])
        .Select(Record);

    [Fact]
    public void Write_AnyRecord_IsTheReferences() => Records.Sample(record =>
        Assert.Equal(Text(record, stream => new ReferenceEveSink(stream, Plan, Options)),
            Text(record, stream => new EveSink(stream, Plan, Options))), iter: 5_000);

    [Fact]
    public void Write_AnyRecordOfAWindow_IsTheReferences()
    {
        var plan = TinyCascade.Windows(TimeSpan.FromMilliseconds(2500), 1, 3);
        Records.Sample(record => Assert.Equal(Text(record, stream => new ReferenceEveSink(stream, plan, Options)),
            Text(record, stream => new EveSink(stream, plan, Options))), iter: 1_000);
    }

    [Fact]
    public void WriteMany_AnyRecords_AreWrittenOneByOne() => Records.Array[0, 8].Sample(records =>
    {
        using MemoryStream together = new(), single = new();
        using (EveSink many = new(together, Plan, Options), one = new(single, Plan, Options))
        {
            many.WriteMany(records);
            foreach (var record in records)
            {
                one.Write(record);
            }
        }

        Assert.Equal(single.ToArray(), together.ToArray());
    }, iter: 1_000);

    [Fact]
    public void Decimals_AnyProbability_IsTheBaseLibrarys() => Gen.OneOf(
            Gen.Single[0, 1], Gen.Single, Gen.Int[0, 1_000_000].Select(i => i / 1e6f), Gen.Int[0, 200]
                .Select(i => i / 1e7f))
        .Sample(value =>
        {
            Span<byte> room = stackalloc byte[64];
            var text = new TextCursor(room);
            text.AppendReal(value);
            var expected = float.IsFinite(value) ? Math.Round((double)value, 6) : 0;
            Assert.Equal(expected.ToString(CultureInfo.InvariantCulture),
                Encoding.ASCII.GetString(room[..text.Length]));
        }, iter: 100_000);

    [Fact]
    public void Integer_AnyLong_IsTheBaseLibrarys() =>
        Gen.OneOf(Gen.Long, Gen.Long[-1000, 1000], Gen.Const(long.MinValue),
            Gen.Select(Gen.Int[0, 18], Gen.Int[-1, 1]).Select((power, beside) => (long)Math.Pow(10, power) + beside))
        .Sample(value =>
        {
            Span<byte> room = stackalloc byte[64];
            var text = new TextCursor(room);
            text.AppendInteger(value);
            Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(room[..text.Length]));
        }, iter: 20_000);

    [Fact]
    public void Timestamp_AnyTime_IsFieldTexts()
    {
        var times = new TimestampText();
        Gen.OneOf(Gen.Long, Gen.Long[0, 3_000_000_000], Gen.Long[1_700_000_000_000_000_000, 1_700_001_000_000_000_000])
            .Sample(ns =>
            {
                Span<byte> room = stackalloc byte[64], expected = stackalloc byte[64];
                var text = new TextCursor(room);
                times.Write(ns, ref text);
                Assert.Equal(expected[..FieldText.Timestamp(ns, expected)], room[..text.Length]);
            }, iter: 20_000, threads: 1);
    }

    internal static SinkOptions Options { get; } = new() { CommunityIdSeed = 7, Interfaces = ["eth0", "é\"1"] };

    static FlowRecord Record(byte[] flow, (int Top, int Second, int Third, int Tier) labels, float[] numbers,
        int reason,
        (bool IsEnd, int Depth, int EndReason) kind, long[] longs)
    {
        var record = new FlowRecord
        {
            Kind = kind.IsEnd ? RecordKind.End : RecordKind.Prediction,
            Flow = Sane(MemoryMarshal.Read<Flow>(flow)),
            Tunnel = new((byte)kind.Depth, new(new(7, (ulong)longs[0]), default, 1, 2, flow[0], 6)),
            EndReason = (EndReason)kind.EndReason,
            TimestampNs = longs[1] & long.MaxValue,
            PacketNumber = longs[2],
        };
        ref var answer = ref record.Classification;
        (answer.TopLabels[0], answer.TopLabels[1], answer.TopLabels[2]) = (labels.Top, labels.Second, labels.Third);
        for (var i = 0; i < Classification.TopCount; i++)
        {
            answer.TopConfidences[i] = numbers[i];
        }

        (answer.Tier, answer.Reason, answer.Uncertainty) = (labels.Tier, (DecisionReason)reason, numbers[3]);
        (answer.Threshold, answer.PacketsUsed, answer.Revision) = (numbers[4], flow[1], 1);
        (answer.IsUnknown, answer.Novelty, answer.NoveltyThreshold) =
            (flow[2] % 2 == 0, numbers[0], flow[2] % 4 == 0 ? 0 : numbers[1]);
        (answer.DecidedNs, answer.FirstNs) = (longs[0] & long.MaxValue, longs[1] & long.MaxValue);
        return record;
    }

    /// <summary>What a flow table would never hold is mended: its enums and the sign of its times.</summary>
    static Flow Sane(Flow flow)
    {
        flow.FirstNs &= long.MaxValue;
        flow.LastNs &= long.MaxValue;
        flow.TcpState = (TcpState)((int)flow.TcpState % Enum.GetValues<TcpState>().Length);
        flow.Interface %= 4;
        var version = flow.Key.IpVersion % 2 == 0 ? (byte)4 : (byte)6;
        var protocol = flow.Key.Protocol % 3 == 0 ? IpProtocol.Tcp : flow.Key.Protocol;
        var low = version == 4 ? IpAddress.FromIpv4((uint)flow.Key.LowAddress.Low) : flow.Key.LowAddress;
        var high = version == 4 ? IpAddress.FromIpv4((uint)flow.Key.HighAddress.Low) : flow.Key.HighAddress;
        flow.Key = flow.Key with { IpVersion = version, Protocol = protocol, LowAddress = low, HighAddress = high };
        var tunnel = (int)flow.Tunnel % Enum.GetValues<TunnelKind>().Length;
        return flow with { Tunnel = (TunnelKind)tunnel };
    }

    internal static string Text(in FlowRecord record, Func<Stream, IRecordSink> create)
    {
        using var stream = new MemoryStream();
        using (var sink = create(stream))
        {
            sink.Write(record);
            sink.BeginCapture("a \"file\".pcap");
            sink.Write(record);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
