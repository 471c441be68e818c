namespace ServeFlow.Training.Metrics;

/// <summary>Writes names one after the other, and no more of them than a reader can use.</summary>
static class NameList
{
    /// <summary>Joins the first names by commas, and says how many others there are.</summary>
    /// <param name="most">The number of names that are written at most.</param>
    public static string Format(IReadOnlyCollection<string> names, int most) =>
        string.Join(", ", names.Take(most))
        + (names.Count > most ? $" and {NumberText.Count(names.Count - most)} more" : "");
}
