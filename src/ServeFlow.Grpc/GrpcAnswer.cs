using System.Runtime.InteropServices;
using ServeFlow.Grpc.Protocol;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Grpc;

/// <summary>Reads the answer of a server.</summary>
static class GrpcAnswer
{
    /// <summary>Limits the dimensions that a message shows.</summary>
    const int MaxShown = 8;

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

        if (place == answer.Outputs.Count)
        {
            throw new RefusalException($"its answer has no output '{model.Output}'");
        }

        var output = answer.Outputs[place];
        var rows = values.Length / model.Classes;
        if (output.Datatype != "FP32" || output.Shape.Count != 2 || output.Shape[0] != rows
            || output.Shape[1] != model.Classes)
        {
            var shape = string.Join(',', output.Shape.Take(MaxShown)) + (output.Shape.Count > MaxShown ? ",…" : "");
            throw new RefusalException($"its answer has the shape [{shape}] of {InputException.Quote(output.Datatype)}"
                + $", and FP32 with [{rows}, {model.Classes}] is needed");
        }

        if (answer.RawOutputContents.Count > 0)
        {
            ReadRaw(answer, place, values);
        }
        else
        {
            ReadContents(output.Contents, values);
        }
    }

    static void ReadContents(InferTensorContents? contents, Span<float> values)
    {
        var count = contents?.Fp32Contents.Count ?? 0;
        if (count != values.Length)
        {
            throw new RefusalException($"its answer has {count} numbers, and {values.Length} are needed");
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = contents!.Fp32Contents[i];
        }
    }

    static void ReadRaw(ModelInferResponse answer, int place, Span<float> values)
    {
        if (answer.RawOutputContents.Count != answer.Outputs.Count)
        {
            throw new RefusalException($"its answer has {answer.RawOutputContents.Count} raw contents for "
                + $"{answer.Outputs.Count} outputs");
        }

        var bytes = answer.RawOutputContents[place].Span;
        if (bytes.Length != values.Length * (long)sizeof(float))
        {
            throw new RefusalException($"its answer has {bytes.Length} bytes of numbers, and "
                + $"{values.Length * sizeof(float)} are needed");
        }

        MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
    }
}
