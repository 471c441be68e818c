namespace ServeFlow.Models.SmallBatches;

/// <summary>Creates kernels for an engine's registers and tables of a size.</summary>
static class LaneKernels
{
    const int BitsOfByte = 3;

    /// <summary>A byte numbers the bytes of a flow's answers.</summary>
    const int MaxBits = 8;

    /// <summary>Gets the number of trees that a register holds.</summary>
    public static int Trees(ScoringEngine engine) => engine switch
    {
        ScoringEngine.Avx512 => Trees512.Trees,
        ScoringEngine.Avx2 => Trees256.Trees,
        _ => Trees128.Trees,
    };

    /// <summary>Gets the bits that number the bytes of a flow's answers; −1 where a byte cannot number them.
    /// </summary>
    /// <param name="engine">The engine whose tables hold the answers.</param>
    /// <param name="lastPlace">The last place of an answer.</param>
    public static int IndexBits(ScoringEngine engine, int lastPlace)
    {
        var bits = TableBits(engine);
        while (lastPlace >> (bits + BitsOfByte) > 0)
        {
            bits++;
        }

        return bits <= MaxBits ? bits : -1;
    }

    /// <summary>Gets the bits that number the bytes of a single table.</summary>
    public static int TableBits(ScoringEngine engine) => engine switch
    {
        ScoringEngine.Avx512 => Trees512.Table.IndexBits,
        ScoringEngine.Avx2 => Trees256.Table.IndexBits,
        _ => Trees128.Table.IndexBits,
    };

    /// <summary>Gets whether branches of small trees are laid as <see cref="NarrowBranches"/>: only AVX-512's kernel is
    /// faster than its loads. With AVX2, 4 flows at a time took a tenth longer.</summary>
    public static bool HasNarrowBranches(ScoringEngine engine) => engine == ScoringEngine.Avx512;

    public static ITreeKernel Create(LaneNodes nodes, ScoringEngine engine) => engine switch
    {
        ScoringEngine.Avx512 when nodes.IsNarrow => Create512<NarrowBranches>(nodes),
        ScoringEngine.Avx512 => Create512<WideBranches>(nodes),
        ScoringEngine.Avx2 => Create<Trees256, Trees256.Table>(nodes),
        _ => Create<Trees128, Trees128.Table>(nodes),
    };

    static ITreeKernel Create512<TForm>(LaneNodes nodes)
        where TForm : unmanaged, IBranchForm => nodes.IndexBits switch
        {
            6 => new LaneKernel<Trees512, Trees512.Table, TForm>(nodes),
            7 => new LaneKernel<Trees512, Trees512.WideTable, TForm>(nodes),
            _ => new LaneKernel<Trees512, TablePair<Trees512.WideTable, Trees512>, TForm>(nodes),
        };

    static ITreeKernel Create<TSet, TTable>(LaneNodes nodes)
        where TSet : unmanaged, ITreeSet<TSet>
        where TTable : unmanaged, IAnswerTable<TTable, TSet> => (nodes.IndexBits - TTable.IndexBits) switch
        {
            0 => new LaneKernel<TSet, TTable, WideBranches>(nodes),
            1 => new LaneKernel<TSet, TablePair<TTable, TSet>, WideBranches>(nodes),
            2 => new LaneKernel<TSet, TablePair<TablePair<TTable, TSet>, TSet>, WideBranches>(nodes),
            3 => new LaneKernel<TSet, TablePair<TablePair<TablePair<TTable, TSet>, TSet>, TSet>, WideBranches>(nodes),
            _ => new LaneKernel<TSet, TablePair<TablePair<TablePair<TablePair<TTable, TSet>, TSet>, TSet>, TSet>,
                WideBranches>(nodes),
        };
}
