namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Says how long a tier takes for a batch, by the number of its flows. A kernel of bit planes takes as long for one
/// flow as for a block of them; a kernel for few flows has its own price.
/// </summary>
/// <param name="Block">The flows that the planes hold.</param>
/// <param name="PerBlock">Nanoseconds of a block.</param>
/// <param name="PerFlow">Nanoseconds of each flow of a block, in addition.</param>
/// <param name="Few">Nanoseconds of a batch by the kernel for few flows; infinite where there is none.</param>
/// <param name="EachOfFew">Nanoseconds of each of its flows, in addition.</param>
sealed record BatchCurve(int Block, double PerBlock, double PerFlow, double Few, double EachOfFew)
{
    /// <summary>Computes nanoseconds of a batch.</summary>
    /// <param name="flows">The flows; less than one is the chance that there is one.</param>
    public double Time(double flows) => flows < 1
        ? flows * Time(1)
        : Math.Min((Math.Ceiling(flows / Block) * PerBlock) + (flows * PerFlow), Few + (flows * EachOfFew));

    /// <summary>Creates the curve of a kernel of bit planes from the times of one flow and of a full batch.</summary>
    /// <param name="one">Nanoseconds of a batch of one flow.</param>
    /// <param name="full">Nanoseconds of a batch.</param>
    /// <param name="flows">The flows of that batch, a multiple of the block.</param>
    public static BatchCurve FromPlanes(int block, double one, double full, int flows)
    {
        var blocks = flows / block;
        var perFlow = (full - (blocks * one)) / (flows - blocks);
        return new(block, one - perFlow, perFlow, double.PositiveInfinity, 0);
    }
}
