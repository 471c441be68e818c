using ServeFlow.Cascade.Scoring;
using ServeFlow.Models;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Trains one decision tree: quick, and free to grow as deep as the flows allow. It answers a question and is gone; no
/// bundle ever holds it.
/// </summary>
/// <param name="depth">Packets that it sees.</param>
sealed class QuickModel(int depth, TimeSpan waitLimit, TrainerOptions options)
{
    /// <summary>Trains on some flows and answers others.</summary>
    /// <returns>A label for each of <paramref name="rest"/>.</returns>
    public int[] TrainAndPredict(FlowSample train, FlowSample rest, CancellationToken cancel)
    {
        var model = new DtTrainer().Train(new(train, depth), null, options, null, cancel);
        var forest = LightGbmText.Read(model.ModelText, "audit");
        var compiled = new CompiledModel(forest, train.Data.Schema, depth, "audit");
        var predictions = new FlowScorer(depth, waitLimit, compiled.CreateScorer)
            .Score(rest, train.Classes.Count, cancel);
        return [.. Enumerable.Range(0, rest.Count).Select(predictions.TopClass)];
    }

    /// <summary>Computes the weighted F1 of a model trained on some flows and scored on others.</summary>
    public double WeightedF1(FlowSample train, FlowSample rest, CancellationToken cancel) =>
        Scores.WeightedF1(TrainAndPredict(train, rest, cancel), rest);
}
