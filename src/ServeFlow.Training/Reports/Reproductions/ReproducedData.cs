using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Training.Reports.Reproductions;

/// <summary>Holds what reproducing the paper's evaluation on one data set showed.</summary>
/// <param name="Name">What the page calls the data set.</param>
/// <param name="FileName">What its files begin with: letters, digits and '-'.</param>
/// <param name="Load">Runs at several offered loads, with the cascade of the first split.</param>
public sealed record ReproducedData(string Name, string FileName, RepeatedSplits Splits, LoadRun Load);
