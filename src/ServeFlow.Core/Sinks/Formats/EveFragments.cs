using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Formats;

/// <summary>Holds everything in EVE records that does not change from flow to flow, escaped and joined
/// beforehand.</summary>
sealed class EveFragments
{
    static readonly string[] FlagNames = ["fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"];

    /// <summary>Specifies the bits of <see cref="TcpFlags"/> in the order in which records name them.</summary>
    static readonly int[] FlagOrder = [1, 0, 2, 3, 4, 5, 6, 7];

    readonly byte[][] labels;
    readonly byte[] unknown;
    readonly byte[][] taskLabels = [];
    readonly byte[] taskUnknown = [];
    readonly byte[][] topLabels;
    readonly byte[][] models;
    readonly byte[][] measures;
    readonly byte[][][] decisions;
    readonly byte[][] interfaces;

    public EveFragments(CascadePlan plan, SinkOptions options)
    {
        Windows = new(plan.Window);
        var begin = plan.Task.Length == 0 ? $"{{\"schema\":{RecordWords.Schema}"
            : $"{{\"schema\":{RecordWords.Schema},\"task\":{Quoted(plan.Task)}";
        labels = [.. plan.Labels.Select((label, id) => Utf8($"{begin},{LabelText(label, id)}"))];
        unknown = Utf8($"{begin},{LabelText(Classification.UnknownLabel, Classification.UnknownId)}");
        if (plan.Task.Length > 0)
        {
            begin = $",{Quoted(plan.Task)}:{{";
            taskLabels = [.. plan.Labels.Select((label, id) => Utf8(begin + LabelText(label, id)))];
            taskUnknown = Utf8(begin + LabelText(Classification.UnknownLabel, Classification.UnknownId));
        }

        topLabels = [.. plan.Labels.Select(label => Utf8($"[{Quoted(label)},"))];
        measures = [.. plan.Tiers.Select(tier =>
            Utf8($",\"uncertainty\":{{\"measure\":{Quoted(SnakeCase.From(tier.Measure))},\"value\":"))];
        models = [.. plan.Tiers.Select(tier =>
            Utf8($",\"model\":{Quoted(plan.Name)},\"model_version\":{Quoted(plan.Version)}"
                + $",\"model_sha256\":{Quoted(tier.ModelSha256)},\"features\":{Quoted(plan.FeatureSet)}"
                + ",\"packets_used\":"))];
        decisions = [.. plan.Tiers.Select(EncodeDecisions)];
        interfaces = [.. options.Interfaces.Select(name => Utf8($",\"in_iface\":{Quoted(name)}"))];
        MaxRecordLength = 2048 + (4 * MaxLength(labels)) + MaxLength(models)
            + (2 * MaxLength(decisions.SelectMany(v => v)))
            + MaxLength(interfaces);
    }

    /// <summary>Gets the unit that is classified.</summary>
    public FlowWindows Windows { get; }

    /// <summary>Gets the number of bytes that no record exceeds, the capture's name apart.</summary>
    public int MaxRecordLength { get; }

    /// <summary>Gets, for each byte of TCP flags, its text in hexadecimal.</summary>
    public static byte[][] Hex { get; } = [.. Enumerable.Range(0, 256).Select(flags => Utf8($"\"{flags:x2}\""))];

    /// <summary>Gets, for each byte of TCP flags, the names of those that are set.</summary>
    public static byte[][] Flags { get; } = [.. Enumerable.Range(0, 256).Select(flags => Utf8(string.Concat(
        FlagOrder.Where(bit => (flags >> bit & 1) != 0).Select(bit => $",\"{FlagNames[bit]}\":true"))))];

    /// <summary>Gets the text before the answers of several tasks.</summary>
    public static byte[] Tasks { get; } = Utf8($",\"serveflow\":{{\"schema\":{RecordWords.Schema},\"tasks\":{{");

    /// <summary>Gets, for each protocol, the text from <c>proto</c> on.</summary>
    public static byte[][] Protocols { get; } = [.. Enumerable.Range(0, 256).Select(protocol =>
        Utf8($",\"proto\":\"{Encoding.UTF8.GetString(ProtocolName.Get((byte)protocol))}\""))];

    /// <summary>Gets the text from the answer's opening brace to its confidence.</summary>
    /// <param name="label">A place among the labels, or <see cref="Classification.UnknownId"/>.</param>
    public ReadOnlySpan<byte> Label(int label) => label < 0 ? unknown : labels[label];

    /// <summary>Gets the text from a comma and the name of the answer's task to its confidence.</summary>
    /// <param name="label">A place among the labels, or <see cref="Classification.UnknownId"/>.</param>
    public ReadOnlySpan<byte> TaskLabel(int label) => label < 0 ? taskUnknown : taskLabels[label];

    public ReadOnlySpan<byte> TopLabel(int label) => topLabels[label];

    /// <summary>State, tier and reason.</summary>
    public ReadOnlySpan<byte> Decision(int tier, DecisionReason reason) => decisions[tier][(int)reason];

    public ReadOnlySpan<byte> Measure(int tier) => measures[tier];

    /// <summary>Gets the text from the model's name to the packets used.</summary>
    public ReadOnlySpan<byte> Model(int tier) => models[tier];

    /// <summary>Returns the interface that a flow came in by; empty where it came from a file.</summary>
    public ReadOnlySpan<byte> Interface(in Flow flow) =>
        flow.Interface < interfaces.Length ? interfaces[flow.Interface] : [];

    public static byte[] Capture(string name) => Utf8($",\"pcap_filename\":{Quoted(name)}");

    static string LabelText(string label, int id) => $"\"label\":{Quoted(label)},\"label_id\":{id},\"confidence\":";

    static byte[][] EncodeDecisions(TierPlan tier) => [.. Enum.GetValues<DecisionReason>().Select(reason => Utf8(
        $",\"state\":\"{Encoding.UTF8.GetString(RecordWords.State(reason))}\",\"tier\":{Quoted(tier.Name)}"
        + $",\"reason\":\"{SnakeCase.From(reason)}\""))];

    /// <summary>
    /// Suricata writes '+' and '/' as they are; nothing here is ever part of a web page. What turns the direction of a
    /// terminal's text is escaped, which the encoder by itself leaves.
    /// </summary>
    static string Quoted(string text)
    {
        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        return $"\"{(PrintableText.IsPrintable(encoded) ? encoded : EscapeUnits(encoded))}\"";
    }

    static string EscapeUnits(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        PrintableText.Commands(rune) ? string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}"))
            : rune.ToString()));

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static int MaxLength(IEnumerable<byte[]> texts) => texts.Select(text => text.Length).DefaultIfEmpty(0).Max();
}
