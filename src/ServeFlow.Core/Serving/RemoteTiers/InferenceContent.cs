using System.Buffers;
using System.Net;
using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Represents the body of a request: JSON, and the rows behind it in binary.</summary>
sealed class InferenceContent : HttpContent
{
    /// <summary>Names the header that says where binary tensors begin.</summary>
    public const string JsonLength = "Inference-Header-Content-Length";

    readonly InferenceRows rows;
    readonly byte[] json;

    public InferenceContent(InferenceModel model, InferenceRows rows)
    {
        this.rows = rows;
        json = WriteJson(rows, model);
        Headers.ContentType = new("application/octet-stream");
        Headers.Add(JsonLength, $"{json.Length}");
    }

    static byte[] WriteJson(InferenceRows rows, InferenceModel model)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteInput(writer, rows, model);
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

    static void WriteInput(Utf8JsonWriter writer, InferenceRows rows, InferenceModel model)
    {
        writer.WriteStartArray("inputs");
        writer.WriteStartObject();
        writer.WriteString("name", model.Input);
        writer.WriteString("datatype", model.Datatype);
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(rows.Count);
        foreach (var size in model.RowShape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("parameters");
        writer.WriteNumber("binary_data_size", (long)rows.Count * rows.RowBytes);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(json);
        var bytes = new byte[rows.RowBytes];
        for (var row = 0; row < rows.Count; row++)
        {
            rows.Write(row, bytes);
            await stream.WriteAsync(bytes);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = json.Length + ((long)rows.Count * rows.RowBytes);
        return true;
    }
}
