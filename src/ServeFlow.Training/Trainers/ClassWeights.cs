namespace ServeFlow.Training.Trainers;

/// <summary>Computes how much a flow of each class counts.</summary>
static class ClassWeights
{
    /// <returns>A weight for each class: 1, or with <paramref name="balance"/> the inverse of its share, scaled so that
    /// the weights of all flows sum to their number.</returns>
    public static double[] Compute(int[] labels, int classes, bool balance)
    {
        var counts = new int[classes];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        var present = counts.Count(count => count > 0);
        return Array.ConvertAll(counts,
            count => balance && count > 0 ? labels.Length / ((double)present * count) : 1);
    }
}
