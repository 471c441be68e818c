using ServeFlow.Onnx.Protobuf;

namespace ServeFlow.Training.Tests.Onnx;

/// <summary>
/// An ONNX model of one matrix product, [batch, packets, bits] in signed bytes to [batch, classes]: what a network
/// without its last softmax looks like. Field numbers are those of onnx.proto3.
/// </summary>
static class LinearModel
{
    const int FloatElement = 1, Int8Element = 3;

    /// <param name="weights">[columns × classes], row-major.</param>
    /// <param name="isDouble">Whether the scores come twice: as they are, and through a softmax.</param>
    public static byte[] Write(int packets, int bits, float[] weights, int? batch = null, bool isDouble = false) =>
        new MessageWriter()
        .Integer(1, 8)
        .Message(7, WithProbabilities(isDouble, weights.Length / (packets * bits))
            .Message(1, Node("Flatten", ["rows"], "flat"))
            .Message(1, Node("Cast", ["flat"], "floats").Message(5,
                new MessageWriter().Text(1, "to").Integer(3, FloatElement).Integer(20, 2)))
            .Message(1, Node("MatMul", ["floats", "weights"], "logits"))
            .Message(1, Node("Softmax", ["logits"], "probabilities"))
            .Text(2, "linear")
            .Message(5, new MessageWriter().Integer(1, packets * bits).Integer(1, weights.Length / (packets * bits))
                .Integer(2, FloatElement).Floats(4, weights).Text(8, "weights"))
            .Message(11, Tensor("rows", Int8Element, batch, packets, bits))
            .Message(12, Tensor("logits", FloatElement, null, weights.Length / (packets * bits))))
        .Message(8, new MessageWriter().Text(1, "").Integer(2, 13))
        .Bytes.ToArray();

    static MessageWriter WithProbabilities(bool isAsked, int classes) => isAsked
        ? new MessageWriter().Message(12, Tensor("probabilities", FloatElement, null, classes))
        : new();

    static MessageWriter Node(string type, string[] inputs, string output)
    {
        var node = new MessageWriter();
        Array.ForEach(inputs, input => node.Text(1, input));
        return node.Text(2, output).Text(3, type).Text(4, type);
    }

    static MessageWriter Tensor(string name, int element, int? batch, params int[] dimensions)
    {
        var shape = new MessageWriter().Message(1,
            batch is { } rows ? new MessageWriter().Integer(1, rows) : new MessageWriter().Text(2, "batch"));
        Array.ForEach(dimensions, d => shape.Message(1, new MessageWriter().Integer(1, d)));
        var tensor = new MessageWriter().Integer(1, element).Message(2, shape);
        return new MessageWriter().Text(1, name).Message(2, new MessageWriter().Message(1, tensor));
    }
}
