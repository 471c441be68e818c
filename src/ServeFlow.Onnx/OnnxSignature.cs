using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ServeFlow.Onnx;

/// <summary>Checks that what a model takes and gives is what a classifier of flows takes and gives.</summary>
static class OnnxSignature
{
    /// <summary>Far beyond any use; bounds what a row may take.</summary>
    const int MaxColumns = 1 << 20, MaxClasses = 10_000;

    /// <summary>Returns the one input: any dimensions behind the batch, of which the row-major order is that of a
    /// schema's columns.</summary>
    public static OnnxInput Input(InferenceSession session, string name)
    {
        if (session.InputMetadata.Count != 1)
        {
            throw new InputException($"{name}: has {session.InputMetadata.Count} inputs "
                + $"({string.Join(", ", session.InputMetadata.Keys)}), expected one, float or int8 [batch, columns]");
        }

        var (input, node) = session.InputMetadata.Single();
        return IsRows(node)
            ? new(input, [.. node.Dimensions.Skip(1)], node.ElementDataType == TensorElementType.Int8)
            : throw new InputException($"{name}: input '{input}' is {Describe(node)}, expected float or int8 "
                + "[batch, columns] or [batch, packets, bits]; export it with a dynamic batch and the rest fixed");
    }

    static bool IsRows(NodeMetadata node) => node.IsTensor
        && node.ElementDataType is TensorElementType.Float or TensorElementType.Int8
        && node.Dimensions is [-1, > 0, ..] && node.Dimensions.Skip(1).All(d => d is > 0 and <= MaxColumns)
        && node.Dimensions.Skip(1).Aggregate(1.0, (product, d) => product * d) <= MaxColumns;

    /// <summary>Returns the one output that is a float matrix; others, such as labels, are not computed.</summary>
    public static (string Name, int Classes) Probabilities(InferenceSession session, string name)
    {
        var matrices = session.OutputMetadata.Where(output => IsMatrix(output.Value)).ToArray();
        return matrices is [var (output, node)]
            ? (output, node.Dimensions[1])
            : throw new InputException($"{name}: {matrices.Length} of its outputs ("
                + string.Join(", ", session.OutputMetadata.Select(o => $"{o.Key} {Describe(o.Value)}"))
                + ") are float [batch, classes], expected one; "
                + Remedy(session.OutputMetadata.Values, matrices.Length));
    }

    /// <summary>Says what to do about outputs that no tier can read.</summary>
    static string Remedy(IEnumerable<NodeMetadata> outputs, int matrices) =>
        matrices > 1
            ? "export the probabilities alone (onnx.utils.extract_model keeps one output)"
        : outputs.Any(node => !node.IsTensor)
            ? "export probabilities as a plain tensor (zipmap off)"
        : outputs.Any(node => node.IsTensor && node.ElementDataType == TensorElementType.Float)
            ? "give it a dynamic batch and a fixed number of classes, two or more"
            : "end the model with probabilities as floats (a softmax)";

    static bool IsMatrix(NodeMetadata node) => node.IsTensor && node.ElementDataType == TensorElementType.Float
        && node.Dimensions is [-1, >= 2 and <= MaxClasses];

    static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions.Select(d => d < 0 ? "?" : $"{d}"))}]"
        : $"{node.OnnxValueType}";
}

/// <summary>Describes what a model takes.</summary>
/// <param name="RowShape">Dimensions behind the batch.</param>
/// <param name="IsInt8">Signed bytes, else floats.</param>
sealed record OnnxInput(string Name, IReadOnlyList<int> RowShape, bool IsInt8);
