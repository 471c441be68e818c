namespace ServeFlow.Training.Datasets;

/// <summary>Every so-manieth of many places: what is measured on it does not depend on chance.</summary>
static class EvenSample
{
    /// <param name="count">Places there are, from 0.</param>
    /// <param name="most">Places wanted at the most.</param>
    /// <returns>Ascending; all of them where there are no more than wanted.</returns>
    public static int[] Indices(int count, int most)
    {
        var stride = 1 + ((count - 1) / most);
        return [.. Enumerable.Range(0, count).Where(place => place % stride == 0)];
    }
}
