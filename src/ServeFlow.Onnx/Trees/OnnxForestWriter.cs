using System.Runtime.InteropServices;
using ServeFlow.Models;
using ServeFlow.Onnx.Protobuf;

namespace ServeFlow.Onnx.Trees;

/// <summary>
/// Writes a forest as an ONNX model: a TreeEnsembleClassifier of ai.onnx.ml, and where the transform asks for it a
/// division by the sum. Input <c>features</c> float [batch, columns]; outputs <c>label</c> int64 [batch] and
/// <c>probabilities</c> float [batch, classes]. Field numbers are those of onnx.proto3.
/// </summary>
public static class OnnxForestWriter
{
    public const string InputName = "features";
    public const string LabelName = "label";
    public const string ProbabilitiesName = "probabilities";

    const string TreesDomain = "ai.onnx.ml";
    const string Scores = "scores";
    const string Total = "total";

    /// <summary>ONNX 1.12's IR; opset 13, where ReduceSum takes its axes as an input; ai.onnx.ml 1, which has the
    /// classifier.</summary>
    const int IrVersion = 8, Opset = 13, TreesOpset = 1;

    const int FloatElement = 1, Int64Element = 7;

    /// <exception cref="InputException">A node asks what ONNX's trees cannot.</exception>
    public static byte[] Write(Forest forest) => new MessageWriter()
        .Integer(1, IrVersion)
        .Text(2, "ServeFlow")
        .Message(7, Graph(forest))
        .Message(8, new MessageWriter().Text(1, "").Integer(2, Opset))
        .Message(8, new MessageWriter().Text(1, TreesDomain).Integer(2, TreesOpset))
        .Message(14, new MessageWriter().Text(1, "columns").Text(2, string.Join(' ', forest.ColumnNames)))
        .Bytes.ToArray();

    static MessageWriter Graph(Forest forest)
    {
        var isSoftmax = forest.Transform is ScoreTransform.Softmax or ScoreTransform.Sigmoid;
        var graph = new MessageWriter()
            .Message(1, Classifier(forest, isSoftmax ? ProbabilitiesName : Scores));
        if (!isSoftmax)
        {
            graph.Message(1, Node("ReduceSum", [Scores, "axis"], [Total]))
                .Message(1, Node("Div", [Scores, Total], [ProbabilitiesName]))
                .Message(5, new MessageWriter().Integer(1, 1).Integer(2, Int64Element).Integers(7, [1])
                    .Text(8, "axis"));
        }

        return graph.Text(2, "forest")
            .Message(11, Tensor(InputName, FloatElement, forest.ColumnNames.Count))
            .Message(12, Tensor(LabelName, Int64Element, null))
            .Message(12, Tensor(ProbabilitiesName, FloatElement, forest.Classes));
    }

    static MessageWriter Classifier(Forest forest, string scores)
    {
        var trees = new TreeAttributes(forest);
        return Node("TreeEnsembleClassifier", [InputName], [LabelName, scores])
            .Text(7, TreesDomain)
            .Message(5, Integers("nodes_treeids", trees.TreeIds))
            .Message(5, Integers("nodes_nodeids", trees.NodeIds))
            .Message(5, Integers("nodes_featureids", trees.Columns))
            .Message(5, Floats("nodes_values", trees.Thresholds))
            .Message(5, Texts("nodes_modes", trees.Modes))
            .Message(5, Integers("nodes_truenodeids", trees.TrueNodes))
            .Message(5, Integers("nodes_falsenodeids", trees.FalseNodes))
            .Message(5, Integers("nodes_missing_value_tracks_true", trees.MissingGoesTrue))
            .Message(5, Integers("class_treeids", trees.LeafTreeIds))
            .Message(5, Integers("class_nodeids", trees.LeafNodeIds))
            .Message(5, Integers("class_ids", trees.LeafClasses))
            .Message(5, Floats("class_weights", trees.LeafValues))
            .Message(5, Integers("classlabels_int64s", [.. Enumerable.Range(0, forest.Classes).Select(k => (long)k)]))
            .Message(5, Attribute("post_transform", 3).Text(4, PostTransform(forest.Transform)));
    }

    static string PostTransform(ScoreTransform transform) => transform switch
    {
        ScoreTransform.Softmax or ScoreTransform.Sigmoid => "SOFTMAX",
        ScoreTransform.SigmoidPerClass => "LOGISTIC",
        _ => "NONE",
    };

    static MessageWriter Node(string type, string[] inputs, string[] outputs)
    {
        var node = new MessageWriter();
        Array.ForEach(inputs, input => node.Text(1, input));
        Array.ForEach(outputs, output => node.Text(2, output));
        return node.Text(3, type).Text(4, type);
    }

    /// <param name="columns">Null: a vector, one value a row.</param>
    static MessageWriter Tensor(string name, int element, int? columns)
    {
        var shape = new MessageWriter().Message(1, new MessageWriter().Text(2, "batch"));
        if (columns is { } width)
        {
            shape.Message(1, new MessageWriter().Integer(1, width));
        }

        var tensor = new MessageWriter().Integer(1, element).Message(2, shape);
        return new MessageWriter().Text(1, name).Message(2, new MessageWriter().Message(1, tensor));
    }

    static MessageWriter Attribute(string name, int type) => new MessageWriter().Text(1, name).Integer(20, type);

    static MessageWriter Floats(string name, List<float> values) =>
        Attribute(name, 6).Floats(7, CollectionsMarshal.AsSpan(values));

    static MessageWriter Integers(string name, List<long> values) =>
        Attribute(name, 7).Integers(8, CollectionsMarshal.AsSpan(values));

    static MessageWriter Texts(string name, List<string> values)
    {
        var attribute = Attribute(name, 8);
        values.ForEach(value => attribute.Text(9, value));
        return attribute;
    }
}
