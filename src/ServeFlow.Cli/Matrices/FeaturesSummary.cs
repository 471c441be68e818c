using System.Text.Json.Nodes;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Matrices;

/// <summary>What the <c>features</c> verb read and wrote.</summary>
sealed class FeaturesSummary
{
    readonly List<string> damaged = [];
    int captures;
    int unreadable;

    public required string? Output { get; init; }

    public required string Schema { get; init; }

    public long Packets { get; private set; }

    public long Rows { get; set; }

    public required int Columns { get; init; }

    /// <summary>Packets that are in no row, by reason.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Packets that nPrint prints no row for.</summary>
    public long Omitted { get; set; }

    /// <summary>Flows left out of a labelled matrix because no label names them.</summary>
    public long Unlabelled { get; set; }

    /// <summary>Captures that are damaged but gave packets are used; one that gave none is a failure if it is all
    /// there was.</summary>
    public int ExitCode => unreadable > 0 && unreadable == captures ? CommandRunner.Failed : CommandRunner.Succeeded;

    /// <summary>Counts a capture that was read to its end.</summary>
    public void Add(CaptureFile capture)
    {
        captures++;
        Packets += capture.Packets;
        unreadable += capture.IsUnreadable ? 1 : 0;
        if (capture.DescribeDamage() is { } damage)
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

    string ToText()
    {
        string[] left =
        [
            .. Ignored.NonZero().Select(entry => $"{entry.Count:N0} packets ignored: {SnakeCase.Of(entry.Reason)}"),
            .. Omitted > 0 ? [$"{Omitted:N0} packets without a row"] : Array.Empty<string>(),
            .. Unlabelled > 0 ? [$"{Unlabelled:N0} flows without a label left out"] : Array.Empty<string>(),
        ];
        return $"{Rows:N0} rows of {Columns:N0} columns from {Packets:N0} packets of {captures:N0} captures"
            + (left.Length > 0 ? $" ({string.Join("; ", left)})" : "");
    }

    JsonObject ToJson() => new()
    {
        ["output"] = Output,
        ["schema"] = Schema,
        ["captures"] = captures,
        ["damaged"] = damaged.Count,
        ["packets"] = Packets,
        ["rows"] = Rows,
        ["columns"] = Columns,
        ["unlabelled"] = Unlabelled,
        ["omitted"] = Omitted,
        ["ignored"] = new JsonObject(Ignored.NonZero().Select(
            entry => KeyValuePair.Create(SnakeCase.Of(entry.Reason), (JsonNode?)JsonValue.Create(entry.Count)))),
    };
}
