namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Counts the typing errors between two words: a letter too many, too few or wrong, or two neighbours exchanged
/// (optimal string alignment).
/// </summary>
static class EditDistance
{
    public static int Compute(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Step(rows, from, to, i, j);
            }
        }

        return rows[from.Length, to.Length];
    }

    static int Step(int[,] rows, string from, string to, int i, int j)
    {
        var least = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1,
            rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
        return i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]
            ? Math.Min(least, rows[i - 2, j - 2] + 1)
            : least;
    }
}
