using Parquet.Schema;
using Parquet;
using ServeFlow.Features.Matrices;

namespace ServeFlow.Export.Matrices;

/// <summary>Holds one feature column of the row group that is being gathered.</summary>
abstract class FeatureColumnBuffer(DataField field)
{
    public DataField Field { get; } = field;

    /// <summary>Bits and directions are bytes; sizes, times and aggregates are not.</summary>
    public static FeatureColumnBuffer Create(MatrixLayout layout, int column)
    {
        var name = layout.Schema.ColumnName(column);
        return layout.Schema.IsTernary(column) ? new Bits(name) : new Numbers(name);
    }

    public abstract void Add(float value);

    /// <summary>Writes what was gathered and begins anew.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    sealed class Bits(string name) : FeatureColumnBuffer(new DataField<sbyte>(name))
    {
        readonly List<sbyte> values = [];

        public override void Add(float value) => values.Add((sbyte)value);

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<sbyte>(Field, values.ToArray()).ConfigureAwait(false);
            values.Clear();
        }
    }

    sealed class Numbers(string name) : FeatureColumnBuffer(new DataField<float>(name))
    {
        readonly List<float> values = [];

        public override void Add(float value) => values.Add(value);

        public override async Task WriteAsync(ParquetRowGroupWriter group)
        {
            await group.WriteAsync<float>(Field, values.ToArray()).ConfigureAwait(false);
            values.Clear();
        }
    }
}
