using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// Estimates in nanoseconds what scoring takes on either kind of kernel. Only ratios matter, and nothing is timed: the
/// same model is served in the same way on every machine that has an engine.
/// </summary>
/// <param name="Step">A step of a register of trees whose answers are in one table.</param>
/// <param name="Table">The same, for each further table.</param>
/// <param name="Branch">A branch of the bit-sliced kernel for the flows of a narrow batch.</param>
/// <param name="WideBranch">The same for a full batch.</param>
/// <param name="NarrowFlows">The flows of a narrow batch.</param>
readonly record struct KernelCosts(double Step, double Table, double Branch, double WideBranch, int NarrowFlows)
{
    /// <summary>Answering tests for one flow: each test, each packet that they ask for, what else a flow takes.
    /// </summary>
    const double Answer = 0.6, AnswersOfPacket = 20, Flow = 30;

    /// <summary>Making bit planes: each test and each packet of a flow, and what 64 flows take together.</summary>
    const double Plane = 0.06, PlanesOfPacket = 25, Transpose = 1000;

    /// <summary>A leaf value that is looked up and added; a branch of a tree that is walked.</summary>
    const double LeafValue = 0.5, WalkedBranch = 2;

    const int TransposedFlows = 64;

    /// <summary>
    /// Gets the costs of an engine. Those of AVX2 were fitted to runs on an EPYC of the third generation, those of
    /// AVX-512 follow what a trial took on a Sapphire Rapids; the portable engine is taken to step as AVX2 does.
    /// </summary>
    public static KernelCosts FromEngine(ScoringEngine engine) => engine switch
    {
        ScoringEngine.Avx512 => new(1.1, 0.2, 4.3, 4.3, 512),
        ScoringEngine.Avx2 => new(1.4, 0.4, 4.3, 5.9, 256),
        _ => new(1.4, 0.4, 4.3, 17.2, 128),
    };

    /// <summary>Computes the most flows of a batch that small batches' kernels score in less time.</summary>
    /// <param name="forest">The forest, compiled for small batches.</param>
    /// <param name="tests">Predicates of all trees.</param>
    /// <param name="packets">Packets that the predicates ask for.</param>
    public int LargestSmallBatch(SmallBatchForest forest, int tests, int packets)
    {
        var alone = Flow + (packets * AnswersOfPacket) + (tests * Answer) + TreesOf(forest);
        var gathering = (packets * PlanesOfPacket) + (tests * Plane);
        for (var flows = BitSlicedForest.BatchSize; flows > 0; flows--)
        {
            var together = (flows * gathering) + ((flows + TransposedFlows - 1) / TransposedFlows * Transpose)
                + (forest.Branches * (flows <= NarrowFlows ? Branch : WideBranch));
            if (flows * alone <= together)
            {
                return flows;
            }
        }

        return 0;
    }

    double TreesOf(SmallBatchForest forest)
    {
        var values = (forest.Sums?.Tables ?? 0) * LeafValue;
        if (forest.Lanes is not { } lanes)
        {
            return (forest.WalkLength * WalkedBranch) + values;
        }

        var furtherTables = (forest.AnswerBytes >> LaneKernels.TableBits(forest.Engine)) - 1;
        return (lanes.Steps.Sum() * (Step + (Table * furtherTables))) + values;
    }
}
