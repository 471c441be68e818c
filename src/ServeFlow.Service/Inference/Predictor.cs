using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ServeFlow.Cascade;

namespace ServeFlow.Service.Inference;

/// <summary>Answers a request by the last tier of a cascade.</summary>
static class Predictor
{
    static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers.</summary>
    /// <param name="body">The JSON, and binary tensors behind it; one byte of each tensor is overwritten.</param>
    /// <param name="jsonLength">The length of the JSON.</param>
    /// <returns>The answer's JSON.</returns>
    /// <exception cref="RequestException">The request does not fit the model.</exception>
    public static ReadOnlyMemory<byte> Answer(CascadePlan plan, Span<byte> body, int jsonLength)
    {
        var tier = ColumnTier.Create(plan) ?? throw new RequestException(422, $"model '{plan.Name}': its last tier "
            + "is no tree model, and answers flows alone");
        var signature = new ModelSignature(plan);
        var request = RequestParser.Parse(body[..jsonLength]);
        var count = signature.Check(request);
        var rows = new TensorRows(count, signature.Columns, tier.Columns, signature.IsTernary);
        Read(request.Inputs[0], body, jsonLength, rows);
        var (probabilities, labels) = (new float[count * plan.Labels.Count], new int[count]);
        tier.Predict(rows.Values, count, probabilities, labels);
        return Write(plan, request, probabilities, labels);
    }

    static void Read(InputTensor input, Span<byte> body, int jsonLength, TensorRows rows)
    {
        var binary = body[jsonLength..];
        if (input.Data is { } data)
        {
            TensorText.Read(body[data], rows);
        }

        if ((input.BinarySize ?? 0) != binary.Length)
        {
            throw RequestException.Field("inputs[0].parameters.binary_data_size",
                $"{input.BinarySize ?? 0}: {binary.Length} bytes follow the JSON");
        }

        if (input.Data is null)
        {
            rows.AddBinary(binary);
        }
    }

    static ReadOnlyMemory<byte> Write(CascadePlan plan, InferenceRequest request, float[] probabilities, int[] labels)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", plan.Name);
            writer.WriteString("model_version", plan.Version);
            if (request.Id is { } id)
            {
                writer.WriteString("id", id);
            }

            writer.WriteStartArray("outputs");
            IReadOnlyList<string> all = [ModelSignature.Probabilities, ModelSignature.Label];
            foreach (var output in request.Outputs.Count > 0 ? request.Outputs : all)
            {
                WriteOutput(writer, output, plan, probabilities, labels);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static void WriteOutput(Utf8JsonWriter writer, string name, CascadePlan plan, float[] probabilities, int[] labels)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("datatype", name == ModelSignature.Label ? "BYTES" : "FP32");
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(labels.Length);
        if (name == ModelSignature.Probabilities)
        {
            writer.WriteNumberValue(plan.Labels.Count);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data");
        WriteData(writer, name, plan, probabilities, labels);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteData(Utf8JsonWriter writer, string name, CascadePlan plan, float[] probabilities, int[] labels)
    {
        if (name == ModelSignature.Label)
        {
            Array.ForEach(labels, label => writer.WriteStringValue(plan.Labels[label]));
        }
        else
        {
            Array.ForEach(probabilities, writer.WriteNumberValue);
        }
    }
}
