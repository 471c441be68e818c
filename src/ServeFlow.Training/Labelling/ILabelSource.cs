namespace ServeFlow.Training.Labelling;

/// <summary>Gives flows labels: a rule, a table of devices, another tool's records.</summary>
interface ILabelSource
{
    /// <summary>Gets what the source is called in the account, such as the rule's text.</summary>
    string Name { get; }

    /// <summary>
    /// Gets whether another source's label is a contradiction. A rule is a decision: it overrules others.
    /// </summary>
    bool Contradicts { get; }

    /// <summary>Finds the label of a flow; null where the source has none for it.</summary>
    /// <param name="row">The flow's place in the sheet.</param>
    string? Find(SheetRow flow, int row);

    /// <summary>Describes what the source could not use, a line each.</summary>
    IEnumerable<string> Notes { get; }

    /// <summary>Gets the records that the source was made of; null where it has none to count.</summary>
    RecordCounts? Records { get; }
}

/// <summary>Counts what became of another tool's records.</summary>
/// <param name="Read">Records that name a flow.</param>
/// <param name="Unnamed">Records among these without a label.</param>
/// <param name="Matched">Records with a label that met a flow.</param>
/// <param name="Unmatched">Records with a label that met none.</param>
/// <param name="Contradictions">Flows whose records have different labels, and that get none from them.</param>
public sealed record RecordCounts(int Read, int Unnamed, int Matched, int Unmatched, int Contradictions);
