using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Does what our own tree trainers share: from a part to bit-sliced rows, from trees to a model.</summary>
sealed class CartModel
{
    readonly TrainingPart part;
    readonly int[] columns;

    CartModel(TrainingPart part, int[] columns, SplitPlanes planes, double[] weights)
    {
        (this.part, this.columns) = (part, columns);
        (Planes, Weights) = (planes, weights);
    }

    public SplitPlanes Planes { get; }

    public double[] Weights { get; }

    /// <returns>Null where no column tells any flow apart.</returns>
    public static CartModel? Prepare(TrainingPart part, TrainerOptions options, CancellationToken cancel)
    {
        var columns = PartRows.DistinctColumns(part, options.Threads, cancel);
        if (columns.Length == 0)
        {
            return null;
        }

        int[] labels = [.. part.Flows.Labels];
        var classes = part.Classes.Count;
        var rows = new PartRows(part, columns);
        return new CartModel(part, columns, SplitPlanes.Build(rows, labels, classes, options.Threads, cancel),
            ClassWeights.Compute(labels, classes, options.BalanceClasses));
    }

    /// <param name="iterations">Trees of each iteration, one a class, whose probabilities are averaged.</param>
    public TrainedModel Finish(IReadOnlyList<Tree[]> iterations)
    {
        var forest = new Forest
        {
            Classes = Weights.Length,
            TreesPerIteration = Weights.Length,
            Transform = ScoreTransform.None,
            AverageOutput = true,
            ColumnNames = [.. columns.Select(part.Schema.ColumnName)],
            Trees = [.. iterations.SelectMany(trees => trees)],
        };
        return new TrainedModel(LightGbmText.Write(forest), iterations.Count);
    }
}
