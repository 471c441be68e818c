using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Provides the model of flows that no column tells apart: the share of each class.</summary>
static class ConstantModel
{
    /// <exception cref="InputException">There is no flow at all.</exception>
    public static TrainedModel Create(TrainingPart train, TrainerOptions options)
    {
        int[] labels = [.. train.Flows.Labels];
        if (labels.Length == 0)
        {
            throw new InputException("there is no flow to train on: the split left none, give more captures");
        }

        var classes = train.Classes.Count;
        var weights = ClassWeights.Compute(labels, classes, options.BalanceClasses);
        var shares = new double[classes];
        foreach (var label in labels)
        {
            shares[label] += weights[label] / labels.Length;
        }

        var forest = new Forest
        {
            Classes = classes,
            TreesPerIteration = classes,
            Transform = ScoreTransform.None,
            AverageOutput = true,
            // LightGBM's loader wants a column at least.
            ColumnNames = [train.Schema.ColumnName(0)],
            Trees = [.. shares.Select(share => new Tree
            {
                Columns = [], Thresholds = [], LeftChildren = [], RightChildren = [],
                LeafValues = [Math.Min(share, 1)],
            })],
        };
        return new TrainedModel(LightGbmText.Write(forest), 1);
    }
}
