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
        var request = RequestParser.Parse(body[..jsonLength]);
        var call = new TierCall(plan, request);
        Read(request.Inputs[0], body, jsonLength, call.Rows);
        call.Answer();
        return Write(request.Id, call);
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

    static ReadOnlyMemory<byte> Write(string? id, TierCall answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", answer.Plan.Name);
            writer.WriteString("model_version", answer.Plan.Version);
            if (id is not null)
            {
                writer.WriteString("id", id);
            }

            writer.WriteStartObject("parameters");
            writer.WriteString("sha256", answer.Plan.Tiers[^1].ModelSha256);
            writer.WriteEndObject();
            writer.WriteStartArray("outputs");
            foreach (var output in answer.Outputs)
            {
                WriteOutput(writer, output, answer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static void WriteOutput(Utf8JsonWriter writer, string name, TierCall answer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("datatype", name == ModelSignature.Label ? "BYTES" : "FP32");
        writer.WriteStartArray("shape");
        writer.WriteNumberValue(answer.Labels.Length);
        if (name != ModelSignature.Label)
        {
            writer.WriteNumberValue(answer.Plan.Labels.Count);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data");
        WriteData(writer, name, answer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    static void WriteData(Utf8JsonWriter writer, string name, TierCall answer)
    {
        if (name == ModelSignature.Label)
        {
            Array.ForEach(answer.Labels, label => writer.WriteStringValue(answer.Plan.Labels[label]));
        }
        else
        {
            Array.ForEach(answer.Numbers(name), writer.WriteNumberValue);
        }
    }
}
