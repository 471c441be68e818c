using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Google.Protobuf;
using ServeFlow.Kafka;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;
using ServeFlow.Tests.Serving;
using ServeFlow.Tests.Sinks.Formats;
using Xunit;
using Record = ServeFlow.Kafka.Messages.Record;

namespace ServeFlow.Tests.Sinks.Delivery;

/// <summary>
/// Messages of docs/formats/records.proto, read by the generated parser and written as JSON by the library, against the
/// lines of EVE that they were made from: the same fields with the same values, and no others.
/// </summary>
public sealed partial class RecordMessageTests
{
    static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    [Fact]
    public void Encode_AnyRecord_HasTheLinesValues() => EveAgainstReferenceTests.Records.Sample(record =>
        AssertSame(EveAgainstReferenceTests.Text(record, stream => new EveSink(stream, EveAgainstReferenceTests.Plan,
            EveAgainstReferenceTests.Options))), iter: 2_000);

    [Fact]
    public void Encode_AnyRecordOfAWindow_HasTheLinesValues()
    {
        var plan = TinyCascade.Windows(TimeSpan.FromMilliseconds(2500), 1, 3);
        EveAgainstReferenceTests.Records.Sample(record => AssertSame(EveAgainstReferenceTests.Text(record,
            stream => new EveSink(stream, plan, EveAgainstReferenceTests.Options))), iter: 1_000);
    }

    [Fact]
    public void Encode_FlowsOfEveryKind_HaveTheLinesValues() => AssertSame(SampleRecords.Text(RecordFormat.Eve));

    [Fact]
    public void Encode_FlowsOfNoKnownClass_HaveTheLinesValues() =>
        AssertSame(SampleRecords.TextOfUnknown(RecordFormat.Eve));

    [Fact]
    public void Encode_AnswersOfSeveralTasks_HaveTheLinesValues() =>
        AssertSame(TaskRecordTests.Write(RecordFormat.Eve));

    [Fact]
    public void Encode_Drift_HasTheLinesValues() => AssertSame("""
        {"timestamp":"2026-03-01T14:06:13.220441+0000","event_type":"drift","drift":{"state":"begin","since":"2026-03-01T14:00:02.118206+0000","model":"iot","model_version":"3","score":17.29,"alarm_score":13.19,"windows":212,"figures":[{"figure":"class","name":"dns","value":0.31,"usual":0.97,"score":17.29},{"figure":"uncertainty","value":0,"usual":0.0906,"score":12.54}]}}
        """);

    static void AssertSame(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var record = new SpooledRecord(0x9f27c1d5e0a4b863, 1042, Encoding.UTF8.GetBytes(line));
            var expected = new ArrayBufferWriter<byte>();
            RecordId.WriteLine(record, expected);
            var message = Record.Parser.ParseFrom(RecordMessage.Encode(record));

            Assert.Equal(Leaves(Encoding.UTF8.GetString(expected.WrittenSpan)), Leaves(Formatter.Format(message)));
        }
    }

    static IReadOnlyList<string> Leaves(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Leaves(document.RootElement, "").Order(StringComparer.Ordinal)];
    }

    static IEnumerable<string> Leaves(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(one => Leaves(one.Value, $"{path}/{one.Name}")),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((one, i) => Leaves(one, $"{path}/{i}")),
        _ => [$"{Label().Replace(Probability().Replace(path, "/topk/$1/1"), "/topk/$1/0")} {Value(json, path)}"],
    };

    /// <summary>Gets a value as both write it: times without their zone, flags and long integers as numbers.</summary>
    static string Value(JsonElement json, string path)
    {
        var text = json.ToString();
        return Time().IsMatch(text) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToString("O")
            : path.Contains("/tcp_flags", StringComparison.Ordinal) && json.ValueKind == JsonValueKind.String
                ? Convert.ToUInt32(text, 16).ToString()
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number.ToString("G29") : text;
    }

    [GeneratedRegex(@"/topk/(\d)/label$")]
    private static partial Regex Label();

    [GeneratedRegex(@"/topk/(\d)/probability$")]
    private static partial Regex Probability();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000)$")]
    private static partial Regex Time();
}
