namespace ServeFlow.Training.Datasets;

/// <summary>Chooses evenly spaced positions: what is measured on them does not depend on chance.</summary>
static class EvenSample
{
    /// <param name="count">Number of positions to choose from.</param>
    /// <param name="most">Maximum number of positions to choose.</param>
    /// <returns>Ascending; all of them where there are no more than wanted.</returns>
    public static int[] Indices(int count, int most)
    {
        var stride = 1 + ((count - 1) / most);
        return [.. Enumerable.Range(0, count).Where(place => place % stride == 0)];
    }
}
