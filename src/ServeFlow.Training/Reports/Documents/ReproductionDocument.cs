namespace ServeFlow.Training.Reports.Documents;

/// <summary>Represents the JSON object of a reproduction of the paper's evaluation.</summary>
/// <param name="Report">The page.</param>
public sealed record ReproductionDocument(string Report, IReadOnlyList<ReproducedDataDocument> Data);

/// <summary>Holds what one data set showed.</summary>
/// <param name="Name">The data set.</param>
public sealed record ReproducedDataDocument(string Name, SplitsDocument Splits, LoadRun Load);
