using ServeFlow.Onnx.Protobuf;

namespace ServeFlow.Onnx;

/// <summary>
/// Looks for tensors whose data lie in other files, wherever a model may hold tensors: a model is what its own bytes
/// say, and loading one reads no path that it names. Field numbers are those of onnx.proto3.
/// </summary>
static class ExternalDataCheck
{
    /// <summary>Graphs nest through the branches of If and Loop; nobody's go this deep.</summary>
    const int MaxNesting = 64;

    /// <summary>Names what a message is, as far as it leads to tensors.</summary>
    enum Kind { Other, Model, Training, Function, Graph, Node, Attribute, SparseTensor, Tensor }

    /// <exception cref="InputException">There is such a tensor, or the bytes are no model.</exception>
    public static void Verify(ReadOnlySpan<byte> model, string name) => Walk(model, Kind.Model, 0, name);

    static void Walk(ReadOnlySpan<byte> message, Kind kind, int depth, string name)
    {
        if (depth > MaxNesting)
        {
            throw new InputException($"{name}: graphs nested {MaxNesting} deep and more; this is no model to serve");
        }

        var reader = new MessageReader(message);
        while (reader.Next())
        {
            if (kind == Kind.Tensor && IsExternal(reader.Field, reader.Integer))
            {
                throw new InputException($"{name}: keeps data of its own in other files, which is refused; save it as "
                    + "one file (in Python: onnx.save(model, path, save_as_external_data=False))");
            }

            if (Inside(kind, reader.Field) is not Kind.Other and var inner)
            {
                Walk(reader.Bytes, inner, depth + 1, name);
            }
        }

        if (reader.IsDamaged)
        {
            throw new InputException($"{name}: is no ONNX model, or a damaged one");
        }
    }

    /// <summary>data_location EXTERNAL, or any entry of external_data.</summary>
    static bool IsExternal(int field, ulong value) => field == 13 || (field == 14 && value != 0);

    static Kind Inside(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) => Kind.Graph,
        (Kind.Model, 20) => Kind.Training,
        (Kind.Model, 25) => Kind.Function,
        (Kind.Training, 1 or 2) => Kind.Graph,
        (Kind.Function, 7) => Kind.Node,
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Graph, 5) => Kind.Tensor,
        (Kind.Graph, 15) => Kind.SparseTensor,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Attribute, 5 or 10) => Kind.Tensor,
        (Kind.Attribute, 6 or 11) => Kind.Graph,
        (Kind.Attribute, 22 or 23) => Kind.SparseTensor,
        (Kind.SparseTensor, 1 or 2) => Kind.Tensor,
        _ => Kind.Other,
    };
}
