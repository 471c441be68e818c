using ServeFlow.Features;
using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A model of any kind, joined to a feature schema and a packet depth: what a tier serves, and what training measures.
/// Immutable; shared by all workers.
/// </summary>
public interface ITierModel
{
    int Classes { get; }

    /// <summary>
    /// Gets the name of the engine that computes it: <c>avx512</c>, <c>avx2</c>, <c>portable</c>, <c>reference</c>,
    /// <c>onnxruntime</c>.
    /// </summary>
    string EngineName { get; }

    /// <summary>Gets the number of bytes that the compiled model takes, once for all workers; scorers' buffers are
    /// beside it.</summary>
    long MemoryBytes { get; }

    /// <summary>Gets what the model has to do for a flow, the same on every machine.</summary>
    ModelWork Work { get; }

    /// <summary>Compiles what was left for later: scorers that are created from then on are as fast as they get, and
    /// allocate nothing.</summary>
    void Prepare()
    {
    }

    /// <summary>Returns a new scorer for one worker.</summary>
    IBatchScorer CreateScorer();

    /// <summary>Gets what the model asks of a flow's packets; null where it reads their headers.</summary>
    IReadOnlyList<PlaneTest>? Tests => null;

    /// <summary>Creates a scorer for one worker, of rows that answer all of <see cref="Tests"/>: where these are null,
    /// there is none.</summary>
    IRowScorer CreateScorer(AnswerRows rows) => throw new NotSupportedException();

    /// <summary>Creates a scorer of rows of a feature matrix; gives null where the model scores flows alone.</summary>
    IColumnScorer? CreateColumnScorer() => null;
}
