using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>What a report is made of.</summary>
/// <param name="Result">The evaluation.</param>
/// <param name="Load">Runs at several offered loads; null leaves their section out.</param>
public sealed record ReportContent(EvaluationResult Result, LoadRun? Load = null);
