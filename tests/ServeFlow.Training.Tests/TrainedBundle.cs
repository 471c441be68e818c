using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Tests;
using ServeFlow.Training.Trainers;
using Xunit;

[assembly: AssemblyFixture(typeof(TrainedBundle))]

namespace ServeFlow.Training.Tests;

/// <summary>
/// A bundle of two tiers on the three made-up classes of <see cref="SessionFlows"/>, and what it is worth. It is
/// trained, evaluated and audited once, by the first test that asks, for all tests.
/// </summary>
public sealed class TrainedBundle : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-trained-").FullName;
    readonly Lazy<Bundle> bundle;
    readonly Lazy<EvaluationResult> evaluated;
    readonly Lazy<EvaluationResult> audited;

    public TrainedBundle() : this("dt@1,dt@3")
    {
    }

    /// <summary>Prepares another such bundle, of other tiers, for one test.</summary>
    /// <param name="tiers">The models and depths in order.</param>
    /// <param name="unknownBudget">The share of known flows that may be answered unknown; null looks for none.</param>
    internal TrainedBundle(string tiers, double? unknownBudget = null)
    {
        bundle = new(() => Train(tiers, unknownBudget));
        evaluated = new(() => Evaluator.Run(Request));
        audited = new(() => Auditor.Run(Request, Evaluated));
    }

    public Bundle Bundle => bundle.Value;

    public EvaluationRequest Request => new() { Bundle = Bundle, Data = SessionFlows.Data() };

    public EvaluationResult Evaluated => evaluated.Value;

    public EvaluationResult Audited => audited.Value;

    public void Dispose() => Directory.Delete(root, recursive: true);

    Bundle Train(string tiers, double? unknownBudget) => Bundle.Load(CascadeTrainer.Train(new()
    {
        Data = SessionFlows.Data(),
        Bundle = Path.Combine(root, "iot"),
        Trainers = [new DtTrainer()],
        Depths = [1, 3],
        Tiers = ModelSpec.ParseList(tiers),
        UnknownBudget = unknownBudget,
        HoldOut = 0.25,
        Options = new() { Threads = 1 },
    }).Bundle);
}
