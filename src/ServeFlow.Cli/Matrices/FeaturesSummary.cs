using System.Text.Json.Nodes;
using ServeFlow.Cli.Terminal;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Matrices;

/// <summary>What the <c>features</c> verb read and wrote.</summary>
sealed class FeaturesSummary
{
    readonly List<string> damaged = [];
    int unreadable;

    public required string? Output { get; init; }

    public required string Schema { get; init; }

    public int Captures { get; private set; }

    public long Packets { get; private set; }

    public long Rows { get; set; }

    public required int Columns { get; init; }

    /// <summary>Packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Packets that were decoded and belong to no flow, by reason.</summary>
    public Tally<UntrackedReason> Untracked { get; } = new();

    /// <summary>Packets that nPrint prints no row for.</summary>
    public long Omitted { get; set; }

    /// <summary>Flows left out of a labelled matrix because no label names them.</summary>
    public long Unlabelled { get; set; }

    /// <summary>Captures that are damaged but gave packets are used; one that gave none is a failure if it is all
    /// there was.</summary>
    public int ExitCode => unreadable > 0 && unreadable == Captures ? CommandRunner.Failed : CommandRunner.Succeeded;

    /// <summary>Counts a capture that was read to its end.</summary>
    public void Add(CaptureOutcome capture)
    {
        Captures++;
        Packets += capture.Packets;
        unreadable += capture.IsReadable ? 0 : 1;
        if (capture.Problem is { } damage)
        {
            damaged.Add(damage);
        }
    }

    public void Print(bool json)
    {
        foreach (var line in damaged)
        {
            Console.Error.WriteLine($"serveflow: {line}");
        }

        if (json)
        {
            Console.WriteLine(ToJson().ToJsonString());
        }
        else
        {
            Console.Error.WriteLine(ToText());
        }
    }

    /// <summary>
    /// Why packets are in no flow and captures gave none, in parentheses; empty where there is no reason.
    /// </summary>
    public string ExplainIgnored() =>
        InParentheses([.. Reasons().Select(entry => $"{entry.Count:N0} {entry.Reason}"), .. damaged.Take(1)]);

    /// <summary>What to say when captures gave nothing at all.</summary>
    public string NoPacket(string path) =>
        $"{path}: no packet in {Captures} captures{ExplainIgnored()}; give captures that hold packets";

    IEnumerable<(string Reason, long Count)> Reasons() =>
        Ignored.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count))
            .Concat(Untracked.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count)));

    string ToText()
    {
        string[] left =
        [
            .. Reasons().Select(entry => $"{entry.Count:N0} packets ignored: {entry.Reason}"),
            .. Omitted > 0 ? [$"{Omitted:N0} packets without a row"] : Array.Empty<string>(),
            .. Unlabelled > 0 ? [$"{Unlabelled:N0} flows without a label left out"] : Array.Empty<string>(),
        ];
        return $"{Rows:N0} rows of {Columns:N0} columns from {Packets:N0} packets of {Captures:N0} captures"
            + InParentheses(left);
    }

    static string InParentheses(string[] parts) => parts.Length > 0 ? $" ({string.Join("; ", parts)})" : "";

    JsonObject ToJson() => new()
    {
        ["output"] = Output,
        ["schema"] = Schema,
        ["captures"] = Captures,
        ["damaged"] = damaged.Count,
        ["packets"] = Packets,
        ["rows"] = Rows,
        ["columns"] = Columns,
        ["unlabelled"] = Unlabelled,
        ["omitted"] = Omitted,
        ["ignored"] = new JsonObject(Reasons().Select(
            entry => KeyValuePair.Create(entry.Reason, (JsonNode?)JsonValue.Create(entry.Count)))),
    };
}
