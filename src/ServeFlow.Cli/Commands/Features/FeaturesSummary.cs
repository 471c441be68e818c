using System.Text.Json.Serialization;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Matrices;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Features;

/// <summary>Prints what the <c>features</c> verb read and wrote.</summary>
/// <param name="output">The file that was written; null for standard output.</param>
sealed class FeaturesSummary(MatrixSummary matrix, string? output)
{
    /// <summary>Captures that are damaged but gave packets are used; one that gave none is a failure if it is all
    /// there was.</summary>
    public int ExitCode => matrix.IsUnreadable ? CommandRunner.Failed : CommandRunner.Succeeded;

    public void Print(bool json)
    {
        foreach (var line in matrix.Damaged.Concat(matrix.Files.Skipped.Describe()))
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(line)}");
        }

        foreach (var note in matrix.LabelNotes)
        {
            Console.Error.WriteLine($"  {UserMessage.OneLine(note)}");
        }

        if (json)
        {
            Console.WriteLine(DocumentJson.Format(ToDocument()));
        }
        else
        {
            Notes.Write(ToText());
            foreach (var line in matrix.Traffic?.Lines() ?? [])
            {
                Notes.Write(line);
            }
        }
    }

    string ToText()
    {
        string[] left =
        [
            .. matrix.Reasons.Select(entry => $"{entry.Count:N0} packets ignored: {entry.Reason}"),
            .. matrix.Omitted > 0 ? [$"{matrix.Omitted:N0} packets without a row"] : Array.Empty<string>(),
            .. matrix.Unlabelled > 0
                ? [$"{matrix.Unlabelled:N0} flows without a label left out"]
                : Array.Empty<string>(),
        ];
        return $"{matrix.Rows:N0} rows of {matrix.Columns:N0} columns from {matrix.Packets:N0} packets of "
            + $"{matrix.Captures:N0} captures" + (left.Length > 0 ? $" ({string.Join("; ", left)})" : "");
    }

    FeaturesDocument ToDocument() => new(output, matrix.Schema, matrix.Captures, matrix.Files.Unreadable,
        SkippedDocument.From(matrix.Files.Skipped), matrix.Damaged.Count, matrix.Packets, matrix.Rows,
        matrix.Columns, matrix.Unlabelled, matrix.Omitted,
        new(matrix.Reasons.Select(entry => KeyValuePair.Create(entry.Reason, entry.Count))))
    {
        Odd = matrix.Traffic is { } traffic ? AccountText.Counts(traffic.Odd) : null,
        BegunInTheMiddle = matrix.Traffic?.Odd.BegunInTheMiddle,
        Duplicates = matrix.Traffic?.Odd.Duplicates,
    };
}

/// <summary>Represents the object that <c>features --json</c> prints.</summary>
sealed record FeaturesDocument(string? Output, string Schema, int Captures, int Unreadable,
    SkippedDocument Skipped, int Damaged, long Packets, long Rows, int Columns, long Unlabelled, long Omitted,
    OrderedDictionary<string, long> Ignored)
{
    /// <summary>Gets what was odd about packets and flows, by name; left out of nPrint's text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Odd { get; init; }

    /// <summary>Gets the number of TCP flows whose first packet was no SYN.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BegunInTheMiddle { get; init; }

    /// <summary>Gets how many packets the captures showed a second time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Duplicates { get; init; }
}
