namespace ServeFlow.Models;

/// <summary>Reads one model text; see <see cref="LightGbmText"/>. Checks what the format says; that the indices
/// make trees is <see cref="ForestCheck"/>'s part.</summary>
sealed class LightGbmReader(string text, string name)
{
    /// <summary>Far beyond any use; bounds what a score row may take.</summary>
    const int MaxClasses = 10_000;

    const string TreePrefix = "Tree=";
    const string EndOfTrees = "end of trees";

    readonly string name = name;
    readonly string[] lines = text.Split('\n');
    int next;

    public Forest Read()
    {
        var header = ReadHeader();
        var columns = header.Text("feature_names").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length != header.Integer("max_feature_idx") + 1L)
        {
            throw new InputException($"{name}: feature_names has {columns.Length} names, expected max_feature_idx + 1 "
                + $"= {header.Integer("max_feature_idx") + 1L}");
        }

        var (transform, classes, scale) = ReadObjective(header);
        return new Forest
        {
            Classes = classes,
            TreesPerIteration = header.Integer("num_tree_per_iteration", otherwise: header.Integer("num_class")),
            Transform = transform,
            SigmoidScale = scale,
            AverageOutput = header.Has("average_output"),
            ColumnNames = columns,
            Trees = ReadTrees(),
        };
    }

    LightGbmSection ReadHeader()
    {
        if (lines[0].TrimEnd() != "tree")
        {
            throw new InputException($"{name}: line 1 is not 'tree'; this is no LightGBM text model "
                + "(save one with Booster.save_model)");
        }

        next = 1;
        return ReadSection(name);
    }

    /// <summary>Takes lines up to the next tree or the end of trees; both stay unread.</summary>
    LightGbmSection ReadSection(string where)
    {
        var section = new LightGbmSection(where);
        for (; next < lines.Length; next++)
        {
            var line = lines[next].TrimEnd('\r');
            if (line.StartsWith(TreePrefix, StringComparison.Ordinal) || line == EndOfTrees)
            {
                break;
            }

            if (line.Length > 0)
            {
                section.Add(line);
            }
        }

        return section;
    }

    (ScoreTransform Transform, int Classes, double Scale) ReadObjective(LightGbmSection header)
    {
        var classes = header.Integer("num_class");
        var objective = header.Has("objective") ? header.Text("objective").Trim() : "custom";
        var words = objective.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var scale = Parameter(words, "sigmoid", 1);
        var transform = words.FirstOrDefault() switch
        {
            "multiclass" or "softmax" => ScoreTransform.Softmax,
            "multiclassova" or "multiclass_ova" or "ova" or "ovr" => ScoreTransform.SigmoidPerClass,
            "binary" => ScoreTransform.Sigmoid,
            "none" or "null" or "custom" or "na" when header.Has("average_output") => ScoreTransform.None,
            var other => throw new InputException($"{name}: objective '{InputException.Quote(other ?? "")}' "
                + Remedy(other)),
        };
        classes = transform == ScoreTransform.Sigmoid && classes == 1 ? 2 : classes;
        if (classes is < 2 or > MaxClasses || Parameter(words, "num_class", classes) != classes)
        {
            throw new InputException($"{name}: num_class={header.Integer("num_class")} does not fit objective "
                + $"'{objective}'; expected 2 to {MaxClasses}, the same in both places (1 where binary)");
        }

        return (transform, classes, scale);
    }

    static string Remedy(string? objective) => objective switch
    {
        "cross_entropy" or "xentropy" or "cross_entropy_lambda" or "xentlambda" =>
            "is for labels that are probabilities themselves; train with objective=binary, which has the same loss for "
            + "labels 0 and 1, or multiclass",
        "lambdarank" or "rank_xendcg" or "xendcg" =>
            "ranks, and gives no class probabilities; train with objective=multiclass, multiclassova or binary",
        "none" or "null" or "custom" or "na" =>
            "does not say how scores become probabilities; train with objective=multiclass, multiclassova or binary",
        _ => "gives no class probabilities; train with objective=multiclass, multiclassova or binary",
    };

    /// <summary>Returns the value of a <c>key:value</c> word of the objective.</summary>
    double Parameter(string[] words, string key, double otherwise)
    {
        var word = words.FirstOrDefault(word => word.StartsWith(key + ':', StringComparison.Ordinal));
        if (word is null)
        {
            return otherwise;
        }

        return LightGbmSection.TryParseDouble(word.AsSpan(key.Length + 1), out var value)
            && double.IsFinite(value) && value > 0
            ? value
            : throw new InputException($"{name}: objective's {key} is not a positive number");
    }

    List<Tree> ReadTrees()
    {
        var trees = new List<Tree>();
        for (; next < lines.Length && lines[next].StartsWith(TreePrefix, StringComparison.Ordinal);)
        {
            var where = $"{name}: tree {trees.Count}";
            if (lines[next].AsSpan(TreePrefix.Length).TrimEnd() is var number && number.Length > 10
                || !int.TryParse(number, out var index) || index != trees.Count)
            {
                throw new InputException($"{where}: its line does not say Tree={trees.Count}; trees are out of order");
            }

            next++;
            trees.Add(ReadTree(ReadSection(where), where));
        }

        if (next >= lines.Length || lines[next].TrimEnd('\r') != EndOfTrees)
        {
            throw new InputException($"{name}: '{EndOfTrees}' is missing; the file is cut off");
        }

        return trees;
    }

    static Tree ReadTree(LightGbmSection section, string where)
    {
        var leaves = section.Integer("num_leaves");
        if (leaves < 1)
        {
            throw new InputException($"{where}: num_leaves is {leaves}, expected at least 1");
        }

        RejectUnsupported(section, where);
        var nodes = leaves - 1;
        var leafValues = section.Doubles("leaf_value", leaves);
        if (nodes == 0)
        {
            return new Tree
            {
                Columns = [],
                Thresholds = [],
                LeftChildren = [],
                RightChildren = [],
                LeafValues = leafValues,
            };
        }

        var decisions = section.Has("decision_type") ? section.Integers("decision_type", nodes) : new int[nodes];
        var (missing, defaultLeft) = ReadDecisions(decisions, where);
        return new Tree
        {
            Columns = section.Integers("split_feature", nodes),
            Thresholds = section.Doubles("threshold", nodes),
            LeftChildren = section.Integers("left_child", nodes),
            RightChildren = section.Integers("right_child", nodes),
            LeafValues = leafValues,
            Missing = missing,
            DefaultLeft = defaultLeft,
        };
    }

    static void RejectUnsupported(LightGbmSection section, string where)
    {
        if (section.Integer("is_linear", otherwise: 0) != 0)
        {
            throw new InputException($"{where}: is_linear is set; linear trees are not supported, "
                + "train with linear_tree=false");
        }

        if (section.Integer("num_cat", otherwise: 0) != 0)
        {
            throw new InputException($"{where}: num_cat is not 0; categorical splits are not supported, "
                + "train without categorical_feature");
        }
    }

    /// <summary>Bit 0: categorical. Bit 1: default left. Bits 2 and 3: what is missing.</summary>
    static (MissingKind[] Missing, bool[] DefaultLeft) ReadDecisions(int[] decisions, string where)
    {
        for (var i = 0; i < decisions.Length; i++)
        {
            if ((decisions[i] & 1) != 0)
            {
                throw new InputException($"{where}: decision_type[{i}] is categorical, which is not supported; "
                    + "train without categorical_feature");
            }

            if (decisions[i] is < 0 or > 10)
            {
                throw new InputException($"{where}: decision_type[{i}] is {decisions[i]}, expected 0 to 10");
            }
        }

        return (Array.ConvertAll(decisions, d => (MissingKind)(d >> 2)),
            Array.ConvertAll(decisions, d => (d & 2) != 0));
    }
}
