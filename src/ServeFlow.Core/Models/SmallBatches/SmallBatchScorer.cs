using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>
/// Scores flows on a <see cref="SmallBatchForest"/>, a few at a time. Holds the working memory of one worker; allocates
/// nothing after its construction.
/// </summary>
public sealed unsafe class SmallBatchScorer
{
    /// <summary>Specifies the number of flows whose sums become probabilities together.</summary>
    const int Block = 64;

    readonly SmallBatchForest forest;
    readonly ITreeKernel kernel;
    readonly BatchTransforms transforms;
    readonly PinnedBuffer answers, leaves, scores;
    readonly ushort[] places = [.. Enumerable.Range(0, Block).Select(place => (ushort)place)];

    /// <param name="capacity">The most flows of a batch.</param>
    public SmallBatchScorer(SmallBatchForest forest, int capacity)
    {
        this.forest = forest;
        Capacity = capacity;
        kernel = forest.CreateKernel();
        transforms = new(forest.Transform, forest.Outputs, forest.SigmoidScale, Block);
        answers = new(capacity * forest.AnswerBytes);
        answers.Clear();
        leaves = new(ITreeKernel.BestFlows * forest.LeafPlaces * sizeof(ushort));
        scores = new(forest.Outputs * Block * sizeof(double));
        scores.Clear();
    }

    /// <summary>Gets the most flows of a batch.</summary>
    public int Capacity { get; }

    /// <summary>Gets the answers of one flow of the batch, to be written: bit b % 8 of byte b / 8 is the answer of
    /// place b.</summary>
    public Span<byte> Answers(int flow)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)flow, (uint)Capacity);
        return new(answers.Pointer + (flow * forest.AnswerBytes), forest.AnswerBytes);
    }

    /// <summary>Scores the first flows of the batch.</summary>
    /// <param name="probabilities">[count × classes], row-major.</param>
    public void Score(int count, Span<float> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Capacity);
        for (var first = 0; first < count; first += Block)
        {
            var flows = Math.Min(Block, count - first);
            ScoreBlock(answers.Pointer + (first * forest.AnswerBytes), flows,
                probabilities.Slice(first * forest.Classes, flows * forest.Classes));
        }
    }

    /// <summary>Finds the leaves that the first flows of the batch reach in a forest that is one tree for all classes.
    /// </summary>
    /// <param name="reached">Receives the number of each flow's leaf.</param>
    public void FindLeaves(int count, Span<ushort> reached)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Math.Min(Capacity, reached.Length));
        ArgumentOutOfRangeException.ThrowIfZero(forest.LeafRows.Length);
        fixed (ushort* leaf = reached)
        {
            kernel.FindLeaves(answers.Pointer, count, leaf);
        }
    }

    void ScoreBlock(byte* answer, int flows, Span<float> probabilities)
    {
        if (flows == 1 && transforms.AppliesToOne && forest.Sums is { } sumsOfOne)
        {
            ScoreOne(answer, sumsOfOne, probabilities);
            return;
        }

        for (var first = 0; first < flows; first += ITreeKernel.BestFlows)
        {
            var count = Math.Min(ITreeKernel.BestFlows, flows - first);
            kernel.FindLeaves(answer + (first * forest.AnswerBytes), count, (ushort*)leaves.Pointer);
            if (count == ITreeKernel.BestFlows && forest.Sums is { } sums)
            {
                sums.AddFour((ushort*)leaves.Pointer, forest.LeafPlaces, (double*)scores.Pointer + first, Block);
                continue;
            }

            for (var flow = 0; flow < count; flow++)
            {
                TakeLeaves((ushort*)leaves.Pointer + (flow * forest.LeafPlaces), first + flow, probabilities);
            }
        }

        if (forest.Sums is not null)
        {
            var end = (flows + 7) / 8 * 8;
            transforms.Apply(new(scores.Pointer, forest.Outputs * Block), end, places.AsSpan(0, flows), probabilities);
        }
    }

    /// <summary>Scores a flow that is alone in its block: its sums stand side by side.</summary>
    void ScoreOne(byte* answer, LeafSums sums, Span<float> probabilities)
    {
        kernel.FindLeaves(answer, 1, (ushort*)leaves.Pointer);
        sums.Add((ushort*)leaves.Pointer, (double*)scores.Pointer, stride: 1);
        transforms.ApplyToOne(new(scores.Pointer, forest.Outputs * Block), probabilities);
    }

    void TakeLeaves(ushort* leaf, int flow, Span<float> probabilities)
    {
        if (forest.Sums is { } sums)
        {
            sums.Add(leaf, (double*)scores.Pointer + flow, Block);
            return;
        }

        var classes = forest.Classes;
        forest.LeafRows.AsSpan(*leaf * classes, classes).CopyTo(probabilities[(flow * classes)..]);
    }
}
