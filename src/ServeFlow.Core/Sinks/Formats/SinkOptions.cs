namespace ServeFlow.Sinks.Formats;

/// <summary>Holds what can be asked of records, whatever their format.</summary>
public sealed record SinkOptions
{
    /// <summary>
    /// Seed of the Community ID; all tools that are to agree on ids need the same. 0 is everybody's default.
    /// </summary>
    public ushort CommunityIdSeed { get; init; }

    /// <summary>Names CSV columns as NFStream does, where it has the column.</summary>
    public bool NFStreamNames { get; init; }

    /// <summary>Gets whether cells of CSV that a spreadsheet would run as a formula are neutralised.</summary>
    public bool HasSafeCells { get; init; }

    /// <summary>Gets whether CSV begins with its line of names; it does not where a file is continued.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// Names of the interfaces that packets come in by, in the source's order; none where they come from files.
    /// </summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Gets the plans whose answers records may have; null where one answers all.</summary>
    public Cascade.ServedPlans? Plans { get; init; }

    /// <summary>Gets the plans where they answer several tasks; null where there is one.</summary>
    public Cascade.ServedPlans? TaskPlans => Plans is { Tasks: > 1 } ? Plans : null;
}
