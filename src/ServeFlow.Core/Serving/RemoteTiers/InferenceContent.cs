using System.Buffers;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// The body of a request: JSON, and the rows behind it in binary. Rows are made as they are sent, so that a request
/// takes little memory.
/// </summary>
sealed class InferenceContent : HttpContent
{
    /// <summary>Names the header that says where binary tensors begin.</summary>
    public const string JsonLength = "Inference-Header-Content-Length";

    readonly RemoteBatch batch;
    readonly TierShape tier;
    readonly InferenceModel model;
    readonly int first;
    readonly int rows;
    readonly byte[] json;

    /// <param name="first">The first flow of the batch that is sent.</param>
    /// <param name="rows">The flows that are sent.</param>
    public InferenceContent(RemoteBatch batch, TierShape tier, InferenceModel model, int first, int rows)
    {
        (this.batch, this.tier, this.model, this.first, this.rows) = (batch, tier, model, first, rows);
        json = WriteJson(rows, RowBytes(tier, model), model);
        Headers.ContentType = new("application/octet-stream");
        Headers.Add(JsonLength, $"{json.Length}");
    }

    /// <summary>Computes the bytes of a row.</summary>
    public static int RowBytes(TierShape tier, InferenceModel model) =>
        tier.Columns * (model.IsInt8 ? 1 : sizeof(float));

    static byte[] WriteJson(int rows, long rowBytes, InferenceModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteInput(writer, rows, rowBytes, model);
            writer.WriteStartArray("outputs");
            writer.WriteStartObject();
            writer.WriteString("name", model.Output);
            writer.WriteStartObject("parameters");
            writer.WriteBoolean("binary_data", true);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteInput(Utf8JsonWriter writer, int rows, long rowBytes, InferenceModel model)
    {
        writer.WriteStartArray("inputs");
        writer.WriteStartObject();
        writer.WriteString("name", model.Input);
        writer.WriteString("datatype", model.IsInt8 ? "INT8" : "FP32");
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(rows);
        foreach (var size in model.RowShape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("parameters");
        writer.WriteNumber("binary_data_size", rows * rowBytes);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(json);
        var values = new float[tier.Columns];
        var bytes = new byte[RowBytes(tier, model)];
        for (var row = 0; row < rows; row++)
        {
            Write(row, values, bytes);
            await stream.WriteAsync(bytes);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = json.Length + ((long)rows * RowBytes(tier, model));
        return true;
    }

    void Write(int row, float[] values, byte[] bytes)
    {
        tier.Schema.ExtractAll(batch.Packets(first + row), values);
        if (!model.IsInt8)
        {
            MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(bytes);
            return;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(sbyte)values[i];
        }
    }
}
