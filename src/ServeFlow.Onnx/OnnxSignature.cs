using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ServeFlow.Onnx;

/// <summary>What a model takes and gives, checked to be what a classifier of flows takes and gives.</summary>
static class OnnxSignature
{
    /// <summary>Far beyond any use; bounds what a row may take.</summary>
    const int MaximumColumns = 1 << 20, MaximumClasses = 10_000;

    public static (string Name, int Columns) Input(InferenceSession session, string name)
    {
        if (session.InputMetadata.Count != 1)
        {
            throw new InputException($"{name}: has {session.InputMetadata.Count} inputs "
                + $"({string.Join(", ", session.InputMetadata.Keys)}), expected one, float [batch, columns]");
        }

        var (input, node) = session.InputMetadata.Single();
        return node.IsTensor && node.ElementDataType == TensorElementType.Float
            && node.Dimensions is [-1, > 0 and <= MaximumColumns and var columns]
                ? (input, columns)
                : throw new InputException($"{name}: input '{input}' is {Describe(node)}, expected float "
                    + "[batch, columns]; export it with a dynamic batch and a fixed number of columns");
    }

    /// <summary>The one output that is a float matrix; others, such as labels, are not computed.</summary>
    public static (string Name, int Classes) Probabilities(InferenceSession session, string name)
    {
        var matrices = session.OutputMetadata.Where(output => IsMatrix(output.Value)).ToArray();
        return matrices is [var (output, node)]
            ? (output, node.Dimensions[1])
            : throw new InputException($"{name}: {matrices.Length} of its outputs ("
                + string.Join(", ", session.OutputMetadata.Select(o => $"{o.Key} {Describe(o.Value)}"))
                + ") are float [batch, classes], expected one; export probabilities as a plain tensor (zipmap off)");
    }

    static bool IsMatrix(NodeMetadata node) => node.IsTensor && node.ElementDataType == TensorElementType.Float
        && node.Dimensions is [-1, >= 2 and <= MaximumClasses];

    static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{node.ElementDataType} [{string.Join(", ", node.Dimensions.Select(d => d < 0 ? "?" : $"{d}"))}]"
        : $"{node.OnnxValueType}";
}
