using System.Runtime.InteropServices;

namespace ServeFlow.Training.Trainers.Native;

/// <summary>
/// LightGBM's own binned data set. Bins are found on a sample of rows; then all rows are pushed in blocks, so that
/// the dense matrix never exists.
/// </summary>
sealed class LightGbmDataSet : IDisposable
{
    nint handle;

    LightGbmDataSet(nint handle, int rows, int columns) => (this.handle, Rows, Columns) = (handle, rows, columns);

    public int Rows { get; }

    public int Columns { get; }

    public nint Handle => handle;

    /// <param name="sample">[sampled rows × columns], row-major.</param>
    /// <param name="rows">How many rows will be pushed.</param>
    /// <param name="parameters">LightGBM's parameters, <c>key=value</c> separated by spaces.</param>
    public static LightGbmDataSet FromSample(float[] sample, int columns, int rows, string parameters)
    {
        LightGbmLibrary.Require();
        using var sampled = new SampledColumns(sample, columns);
        LightGbmLibrary.Check(LightGbmNative.DatasetCreateFromSampledColumn(sampled.Values, sampled.Indices, columns,
            sampled.Counts, sample.Length / columns, rows, rows, parameters, out var handle));
        return new LightGbmDataSet(handle, rows, columns);
    }

    /// <summary>Returns a data set with the same bins, as validation needs.</summary>
    public LightGbmDataSet WithRows(int rows)
    {
        LightGbmLibrary.Check(LightGbmNative.DatasetCreateByReference(handle, rows, out var other));
        return new LightGbmDataSet(other, rows, Columns);
    }

    /// <summary>Pushes the rows from <paramref name="startRow"/> on; the last block completes the data set.</summary>
    public void Push(ReadOnlySpan<float> block, int startRow) =>
        LightGbmLibrary.Check(LightGbmNative.DatasetPushRows(handle, block, LightGbmNative.Float32,
            block.Length / Columns, Columns, startRow));

    /// <param name="field"><c>label</c> or <c>weight</c>.</param>
    public void SetField(string field, float[] values) =>
        LightGbmLibrary.Check(LightGbmNative.DatasetSetField(handle, field, values, values.Length,
            LightGbmNative.Float32));

    public void SetColumnNames(string[] names) =>
        LightGbmLibrary.Check(LightGbmNative.DatasetSetFeatureNames(handle, names, names.Length));

    public void Dispose()
    {
        if (handle != 0)
        {
            _ = LightGbmNative.DatasetFree(handle);
            handle = 0;
        }
    }

    /// <summary>
    /// A sample as LightGBM takes it: for each column its values other than 0 and their rows, pinned.
    /// </summary>
    sealed class SampledColumns : IDisposable
    {
        readonly List<GCHandle> pins = [];

        public SampledColumns(float[] sample, int columns)
        {
            Values = new nint[columns];
            Indices = new nint[columns];
            Counts = new int[columns];
            var rows = sample.Length / columns;
            for (var c = 0; c < columns; c++)
            {
                var values = new List<double>();
                var indices = new List<int>();
                for (var r = 0; r < rows; r++)
                {
                    if (sample[(r * columns) + c] is not 0 and var value)
                    {
                        values.Add(value);
                        indices.Add(r);
                    }
                }

                Counts[c] = values.Count;
                Values[c] = Pin(values.ToArray());
                Indices[c] = Pin(indices.ToArray());
            }
        }

        public nint[] Values { get; }

        public nint[] Indices { get; }

        public int[] Counts { get; }

        public void Dispose() => pins.ForEach(pin => pin.Free());

        nint Pin(Array array)
        {
            var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
            pins.Add(pin);
            return pin.AddrOfPinnedObject();
        }
    }
}
