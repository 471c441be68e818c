using System.Runtime.InteropServices;
using ServeFlow.Grpc.Protocol;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Grpc;

/// <summary>Reads the answer of a server.</summary>
static class GrpcAnswer
{
    /// <summary>Reads the rows of the output that was asked for.</summary>
    /// <param name="values">Receives [rows × classes], row-major.</param>
    /// <exception cref="RefusalException">It does not fit what was asked for.</exception>
    public static void Read(ModelInferResponse answer, InferenceModel model, Span<float> values)
    {
        model.CheckAnswer(answer.Parameters.TryGetValue(OwnProperties.Sha256, out var sha) ? sha.StringParam : null);
        var place = 0;
        while (place < answer.Outputs.Count && answer.Outputs[place].Name != model.Output)
        {
            place++;
        }

        Require(place < answer.Outputs.Count, $"its answer has no output '{model.Output}'");
        var output = answer.Outputs[place];
        var rows = values.Length / model.Classes;
        Require(output.Datatype == "FP32" && output.Shape.SequenceEqual([rows, model.Classes]), "its answer has the "
            + $"shape [{string.Join(',', output.Shape)}], and FP32 with [{rows}, {model.Classes}] is needed");
        if (answer.RawOutputContents.Count == 0)
        {
            Require(output.Contents?.Fp32Contents.Count == values.Length, "its answer has "
                + $"{output.Contents?.Fp32Contents.Count ?? 0} numbers, and {values.Length} are needed");
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = output.Contents!.Fp32Contents[i];
            }

            return;
        }

        Require(answer.RawOutputContents.Count == answer.Outputs.Count, "its answer has "
            + $"{answer.RawOutputContents.Count} raw contents for {answer.Outputs.Count} outputs");
        var bytes = answer.RawOutputContents[place].Span;
        Require(bytes.Length == values.Length * (long)sizeof(float), $"its answer has {bytes.Length} bytes of numbers, "
            + $"and {values.Length * sizeof(float)} are needed");
        MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
    }

    static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new RefusalException(problem);
        }
    }
}
