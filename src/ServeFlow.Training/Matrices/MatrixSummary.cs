using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;

namespace ServeFlow.Training.Matrices;

/// <summary>Reports what was read from captures and written as rows.</summary>
/// <param name="skipped">The files that the search for captures left out.</param>
public sealed class MatrixSummary(SkippedFiles skipped)
{
    readonly List<string> damaged = [];

    public required string Schema { get; init; }

    /// <summary>Gets what became of the files: read, unreadable, left out.</summary>
    public CaptureAccount Files { get; } = new(skipped);

    public int Captures => Files.Captures;

    public long Packets { get; private set; }

    public long Rows { get; internal set; }

    public required int Columns { get; init; }

    /// <summary>Gets the packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Gets the packets that were decoded and belong to no flow, by reason.</summary>
    public Tally<UntrackedReason> Untracked { get; } = new();

    /// <summary>Gets where packets went and what was odd; null for nPrint's text, which has a row for each.</summary>
    public TrafficReport? Traffic { get; internal set; }

    /// <summary>Gets the number of packets that nPrint prints no row for.</summary>
    public long Omitted { get; internal set; }

    /// <summary>Gets the number of flows left out of a labelled matrix because no label names them.</summary>
    public long Unlabelled { get; internal set; }

    /// <summary>Gets a line for each kind of label row that met no flow, and a few examples.</summary>
    public IReadOnlyList<string> LabelNotes { get; internal set; } = [];

    /// <summary>Gets what is wrong with each damaged capture, one line each.</summary>
    public IReadOnlyList<string> Damaged => damaged;

    /// <summary>Gets whether not one capture could be read.</summary>
    public bool IsUnreadable => Files.Unreadable > 0 && Files.Unreadable == Captures;

    /// <summary>Gets why packets are in no flow, in words, with how many each.</summary>
    public IEnumerable<(string Reason, long Count)> Reasons =>
        Ignored.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count))
            .Concat(Untracked.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count)));

    /// <summary>Counts a capture that was read to its end.</summary>
    internal void Add(CaptureOutcome capture)
    {
        Files.Add(capture);
        Packets += capture.Packets;
        if (capture is { IsOpened: true, Problem: { } damage })
        {
            damaged.Add(damage);
        }
    }

    /// <summary>
    /// Explains in parentheses why packets are in no flow and captures gave none; empty where there is no reason.
    /// </summary>
    internal string ExplainIgnored() =>
        InParentheses([.. Reasons.Select(entry => $"{entry.Count:N0} {entry.Reason}"), .. damaged.Take(1)]);

    /// <summary>Creates the error for captures that gave nothing at all.</summary>
    internal string NoPacket(string path) =>
        $"{path}: no packet in {Captures} captures{ExplainIgnored()}; give captures that hold packets";

    static string InParentheses(string[] parts) => parts.Length > 0 ? $" ({string.Join("; ", parts)})" : "";
}
