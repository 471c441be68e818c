using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Labelling;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Labels;

/// <summary>Prints what the <c>label</c> verb filled, from where, and what did not meet.</summary>
/// <param name="path">The file that was read.</param>
/// <param name="output">The file that was written.</param>
sealed class LabelSummary(LabelAccount account, string path, string output)
{
    const int MaxLabels = 20;

    public void Print(bool json)
    {
        if (json)
        {
            Console.WriteLine(DocumentJson.Format(ToDocument()));
            return;
        }

        foreach (var line in Lines())
        {
            Notes.Write(PrintableText.Escape(line));
        }
    }

    IEnumerable<string> Lines() =>
    [
        $"{account.Flows:N0} flows = {account.Labelled:N0} with a label + {account.Unlabelled:N0} without",
        .. account.Sources.Select(source => $"  {source.Flows:N0} by {source.Name}{Records(source.Records)}"),
        .. Some(account.Kept, $"  {account.Kept:N0} kept the label that they had"
            + (account.KeptAgainst > 0
                ? $", {account.KeptAgainst:N0} of them against a source (--force replaces them)"
                : "")),
        .. Some(account.Replaced, $"  {account.Replaced:N0} labels replaced"),
        .. Some(account.Contradictions, $"  {account.Contradictions:N0} contradictions between sources; the one that "
            + "comes first counts"),
        .. account.Examples.Select(example => $"  e.g. {example}"),
        .. Some(account.Labels.Count, "  "
            + string.Join(", ", account.Labels.Take(MaxLabels).Select(label => $"{label.Label} {label.Flows:N0}"))
            + (account.Labels.Count > MaxLabels ? $" and {account.Labels.Count - MaxLabels} more" : "")),
    ];

    static IEnumerable<string> Some(int count, string line) => count > 0 ? [line] : [];

    static string Records(RecordCounts? records) => records is null ? "" : $": {records.Read:N0} records = "
        + $"{records.Matched:N0} matched + {records.Unmatched:N0} without a flow + {records.Unnamed:N0} without a label"
        + (records.Contradictions > 0
            ? $"; {records.Contradictions:N0} flows have records with different labels and get none"
            : "");

    LabelDocument ToDocument() => new(path, output, account.Flows, account.Labelled, account.Unlabelled, account.Kept,
        account.KeptAgainst, account.Replaced, account.Contradictions,
        new(account.Labels.Select(label => KeyValuePair.Create(label.Label, label.Flows))),
        [.. account.Sources.Select(source => new LabelSourceDocument(source.Name, source.Flows, source.Records))],
        account.Examples);
}

/// <summary>Represents the object that <c>label --json</c> prints.</summary>
sealed record LabelDocument(string File, string Output, int Flows, int Labelled, int Unlabelled, int Kept,
    int KeptAgainst, int Replaced, int Conflicts, OrderedDictionary<string, int> Labels,
    IReadOnlyList<LabelSourceDocument> Sources, IReadOnlyList<string> Examples);

/// <summary>Represents a source of labels in <see cref="LabelDocument"/>.</summary>
/// <param name="Flows">Flows that have their label from it.</param>
/// <param name="Records">Its records; null where it has none.</param>
sealed record LabelSourceDocument(string Source, int Flows, RecordCounts? Records);
