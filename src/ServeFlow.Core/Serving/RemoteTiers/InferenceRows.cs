using System.Runtime.InteropServices;
using ServeFlow.Features;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Some flows of a batch as rows of a feature matrix, each with all columns of the tier's packets. A row is made when
/// it is written, so that a request takes little memory. Not thread-safe.
/// </summary>
public sealed class InferenceRows
{
    readonly RemoteBatch batch;
    readonly FeatureSchema schema;
    readonly bool isInt8;
    readonly int first;
    readonly float[] values;

    /// <param name="first">The first flow of the batch.</param>
    /// <param name="count">The flows.</param>
    internal InferenceRows(RemoteBatch batch, TierShape tier, InferenceModel model, int first, int count)
    {
        (this.batch, schema, isInt8, this.first, Count) = (batch, tier.Schema, model.IsInt8, first, count);
        values = new float[tier.Columns];
        RowBytes = ComputeRowBytes(tier, model);
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; }

    /// <summary>Gets the bytes of a row.</summary>
    public int RowBytes { get; }

    /// <summary>Writes a row as <c>INT8</c> or little-endian <c>FP32</c>, as the model takes it.</summary>
    /// <param name="bytes">Receives <see cref="RowBytes"/> bytes.</param>
    public void Write(int row, Span<byte> bytes)
    {
        schema.ExtractAll(batch.Packets(first + row), values);
        if (!isInt8)
        {
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            bytes[i] = (byte)(sbyte)values[i];
        }
    }

    internal static int ComputeRowBytes(TierShape tier, InferenceModel model) =>
        tier.Columns * (model.IsInt8 ? 1 : sizeof(float));
}
