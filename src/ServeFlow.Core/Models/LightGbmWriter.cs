using System.Text;

namespace ServeFlow.Models;

/// <summary>Writes a model text; see <see cref="LightGbmText"/>.</summary>
static class LightGbmWriter
{
    public static string Write(Forest forest)
    {
        var text = new StringBuilder("tree\nversion=v4\n");
        text.Append($"num_class={(forest.Transform == ScoreTransform.Sigmoid ? 1 : forest.Classes)}\n");
        text.Append($"num_tree_per_iteration={forest.TreesPerIteration}\nlabel_index=0\n");
        text.Append($"max_feature_idx={forest.ColumnNames.Count - 1}\n");
        if (Objective(forest) is { } objective)
        {
            text.Append($"objective={objective}\n");
        }

        if (forest.AverageOutput)
        {
            text.Append("average_output\n");
        }

        text.Append("feature_names=").AppendJoin(' ', forest.ColumnNames).Append('\n');
        // LightGBM asks for one word a column; nothing reads the value ranges that it would write here.
        text.Append("feature_infos=").AppendJoin(' ', forest.ColumnNames.Select(_ => "none")).Append("\n\n");
        for (var i = 0; i < forest.Trees.Count; i++)
        {
            Append(text, forest.Trees[i], i);
        }

        return text.Append("end of trees\n\nfeature_importances:\n\nparameters:\nend of parameters\n").ToString();
    }

    static string? Objective(Forest forest) => forest.Transform switch
    {
        ScoreTransform.Softmax => $"multiclass num_class:{forest.Classes}",
        ScoreTransform.SigmoidPerClass => $"multiclassova num_class:{forest.Classes} sigmoid:{forest.SigmoidScale:R}",
        ScoreTransform.Sigmoid => $"binary sigmoid:{forest.SigmoidScale:R}",
        _ => null,
    };

    static void Append(StringBuilder text, Tree tree, int number)
    {
        text.Append($"Tree={number}\nnum_leaves={tree.LeafValues.Length}\nnum_cat=0\n");
        Field("split_feature", tree.Columns);
        Field("threshold", tree.Thresholds.Select(Number));
        Field("decision_type", Decisions(tree));
        Field("left_child", tree.LeftChildren);
        Field("right_child", tree.RightChildren);
        Field("leaf_value", tree.LeafValues);
        text.Append("is_linear=0\nshrinkage=1\n\n\n");

        void Field<T>(string name, IEnumerable<T> values) =>
            text.Append(name).Append('=').AppendJoin(' ', values).Append('\n');
    }

    /// <summary>Infinity as C++ reads it.</summary>
    static string Number(double value) =>
        double.IsInfinity(value) ? value > 0 ? "inf" : "-inf" : value.ToString("R");

    static IEnumerable<int> Decisions(Tree tree) => tree.Missing.Length == 0
        ? tree.Columns.Select(_ => 0)
        : tree.Missing.Zip(tree.DefaultLeft, (missing, left) => ((int)missing << 2) | (left ? 2 : 0));
}
