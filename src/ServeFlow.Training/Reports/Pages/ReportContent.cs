using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>Holds what a report is made of.</summary>
/// <param name="Result">The evaluation.</param>
/// <param name="Load">Runs at several offered loads; null leaves their section out.</param>
public sealed record ReportContent(EvaluationResult Result, LoadRun? Load = null)
{
    /// <summary>Gets whether cells of CSV that a spreadsheet would run as a formula are neutralised.</summary>
    public bool HasSafeCells { get; init; }

    /// <summary>Gets what a user types to get the same figures again: name and command line of each step.</summary>
    public IReadOnlyList<(string Name, string Command)> Commands { get; init; } = [];
}
