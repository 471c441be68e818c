using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>A bundle of two tiers on three made-up classes, and what it is worth.</summary>
public sealed class SmallEvaluation : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-report-").FullName;

    public SmallEvaluation()
    {
        var summary = CascadeTrainer.Train(new()
        {
            Data = SessionFlows.Data(),
            Bundle = Path.Combine(root, "iot"),
            Trainers = [new DtTrainer()],
            Depths = [1, 3],
            Tiers = ModelSpec.ParseList("dt@1,dt@3"),
            HoldOut = 0.25,
            Options = new() { Threads = 1 },
        });
        Result = Evaluator.Run(new() { Bundle = Bundle.Load(summary.Bundle), Data = SessionFlows.Data() });
    }

    public EvaluationResult Result { get; }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
