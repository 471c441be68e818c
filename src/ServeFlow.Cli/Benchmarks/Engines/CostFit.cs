namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>
/// Explains measured times as sums of counts, each with a price that is not negative: least squares of the relative
/// error, by lowering one price after the other until none moves.
/// </summary>
static class CostFit
{
    const int MaxRounds = 20_000;

    /// <summary>Finds the price of each count.</summary>
    /// <param name="counts">Counts, a row for each measurement.</param>
    /// <param name="times">The measured time of each row, above 0.</param>
    /// <returns>The price of each column of <paramref name="counts"/>, 0 or above.</returns>
    public static double[] Fit(IReadOnlyList<double[]> counts, IReadOnlyList<double> times)
    {
        // Relative errors: a time of microseconds weighs no more than one of nanoseconds.
        double[][] rows = [.. counts.Zip(times, (row, time) => Array.ConvertAll(row, count => count / time))];
        var prices = new double[counts[0].Length];
        var residuals = Enumerable.Repeat(1.0, rows.Length).ToArray();
        for (var round = 0; round < MaxRounds; round++)
        {
            for (var column = 0; column < prices.Length; column++)
            {
                Improve(rows, residuals, prices, column);
            }
        }

        return prices;
    }

    /// <summary>Moves one price to where the error is least, the others kept.</summary>
    static void Improve(double[][] rows, double[] residuals, double[] prices, int column)
    {
        var (slope, size) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            slope += rows[i][column] * residuals[i];
            size += rows[i][column] * rows[i][column];
        }

        var price = size == 0 ? 0 : Math.Max(0, prices[column] + (slope / size));
        for (var i = 0; i < rows.Length; i++)
        {
            residuals[i] -= (price - prices[column]) * rows[i][column];
        }

        prices[column] = price;
    }
}
