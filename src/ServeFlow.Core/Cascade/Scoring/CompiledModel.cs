using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// A forest, which knows columns by name, joined to a schema, which knows them by number, and compiled for the
/// engine that serves it. Immutable; shared by all workers.
/// </summary>
public sealed class CompiledModel : ITierModel
{
    /// <summary>Models that bit slicing cannot hold to this are served by the reference.</summary>
    const double MaxError = 1e-6;

    readonly FeatureSchema schema;
    readonly int[] columns;
    readonly CompiledForest? compiled;

    /// <param name="depth">Packets that the model waits for: columns of later packets do not exist for it.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">A tree tests a column that the schema does not have; or the
    /// columns have no names, and are not as many.</exception>
    public CompiledModel(Forest forest, FeatureSchema schema, int depth, string name)
        : this(forest, schema, depth, name, ScoringEngines.FromEnvironment())
    {
    }

    /// <param name="prepare">Whether it is compiled in full at once.</param>
    internal CompiledModel(Forest forest, FeatureSchema schema, int depth, string name, ScoringEngine engine,
        bool prepare = true)
    {
        Forest = forest;
        this.schema = schema;
        columns = SchemaColumns(depth, name);
        compiled = engine == ScoringEngine.Reference
            ? null
            : CompiledForest.Create(schema, forest, engine, MaxError, CreateTest);
        if (prepare)
        {
            Prepare();
        }
    }

    public Forest Forest { get; }

    /// <summary>
    /// Gets the engine that serves the model: the one that was asked for, or the reference where that one cannot.
    /// </summary>
    public ScoringEngine Engine => compiled?.Engine ?? ScoringEngine.Reference;

    public int Classes => Forest.Classes;

    /// <summary>Gets whether nothing is left for <see cref="Prepare"/>.</summary>
    internal bool IsPrepared => compiled?.IsPrepared != false;

    public string EngineName => Engine.ToString().ToLowerInvariant();

    public long MemoryBytes => compiled?.MemoryBytes ?? Forest.MemoryBytes;

    public ModelWork Work => ModelWork.From(Forest);

    /// <inheritdoc/>
    public void Prepare() => compiled?.Prepare();

    /// <inheritdoc/>
    public IBatchScorer CreateScorer() =>
        compiled?.CreateScorer() ?? new ReferenceBatchScorer(schema, Forest, columns);

    /// <inheritdoc/>
    public IReadOnlyList<PlaneTest>? Tests => compiled?.Tests;

    /// <inheritdoc/>
    public IRowScorer CreateScorer(AnswerRows rows) => (IRowScorer)compiled!.CreateScorer(rows);

    public IColumnScorer CreateColumnScorer() =>
        compiled?.CreateColumnScorer() ?? new ForestColumnScorer(Forest, columns);

    int[] SchemaColumns(int depth, string name)
    {
        if (Forest.HasPositionalNames)
        {
            return Forest.ColumnNames.Count == depth * schema.ColumnsPerPacket
                ? [.. Enumerable.Range(0, Forest.ColumnNames.Count)]
                : throw new InputException($"{name}: takes {Forest.ColumnNames.Count} columns without names, but "
                    + $"{depth} packets of {schema.Set} with mask {schema.Mask} have "
                    + $"{(long)depth * schema.ColumnsPerPacket}; use the feature set, mask and packets that it was "
                    + "trained on");
        }

        var numbers = new int[Forest.ColumnNames.Count];
        foreach (var used in Forest.UsedColumns)
        {
            if (!schema.TryFindColumn(Forest.ColumnNames[used], depth, out numbers[used]))
            {
                throw new InputException(
                    $"{name}: tests column '{InputException.Quote(Forest.ColumnNames[used])}', which "
                    + $"{schema.Set} does not have within {depth} packets (masked, or of another feature set); use the "
                    + "feature set, mask and packets that it was trained on");
            }
        }

        return numbers;
    }

    /// <summary>Null where a size or a time is not simply compared with a threshold; bits may be asked anything.
    /// </summary>
    PlaneTest? CreateTest(Predicate predicate) =>
        predicate.ZeroIsMissing && !schema.IsTernary(columns[predicate.Column])
            ? null
            : new(columns[predicate.Column], predicate.Threshold, predicate.GoesRight(FeatureSchema.Absent),
                predicate.GoesRight(0), predicate.GoesRight(1));
}
