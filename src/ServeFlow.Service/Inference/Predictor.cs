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
        var answer = new Answers(plan, count, request.Outputs.Contains(ModelSignature.Scores));
        tier.Predict(rows.Values, count, answer.Probabilities, answer.Labels, answer.Scores);
        return Write(request, answer);
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

    static ReadOnlyMemory<byte> Write(InferenceRequest request, Answers answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json))
        {
            writer.WriteStartObject();
            writer.WriteString("model_name", answer.Plan.Name);
            writer.WriteString("model_version", answer.Plan.Version);
            if (request.Id is { } id)
            {
                writer.WriteString("id", id);
            }

            writer.WriteStartObject("parameters");
            writer.WriteString("sha256", answer.Plan.Tiers[^1].ModelSha256);
            writer.WriteEndObject();
            writer.WriteStartArray("outputs");
            IReadOnlyList<string> all = [ModelSignature.Probabilities, ModelSignature.Label];
            foreach (var output in request.Outputs.Count > 0 ? request.Outputs : all)
            {
                WriteOutput(writer, output, answer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static void WriteOutput(Utf8JsonWriter writer, string name, Answers answer)
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

    static void WriteData(Utf8JsonWriter writer, string name, Answers answer)
    {
        if (name == ModelSignature.Label)
        {
            Array.ForEach(answer.Labels, label => writer.WriteStringValue(answer.Plan.Labels[label]));
        }
        else
        {
            Array.ForEach(name == ModelSignature.Scores ? answer.Scores : answer.Probabilities,
                writer.WriteNumberValue);
        }
    }

    /// <summary>The room for answers.</summary>
    sealed class Answers(CascadePlan plan, int rows, bool hasScores)
    {
        public CascadePlan Plan => plan;

        public float[] Probabilities { get; } = new float[rows * plan.Labels.Count];

        public int[] Labels { get; } = new int[rows];

        /// <summary>Gets what is not calibrated; empty where nobody asks for it.</summary>
        public float[] Scores { get; } = hasScores ? new float[rows * plan.Labels.Count] : [];
    }
}
