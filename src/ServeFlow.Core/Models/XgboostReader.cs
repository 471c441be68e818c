using System.Globalization;

namespace ServeFlow.Models;

/// <summary>Makes a forest of XGBoost's model; see <see cref="XgboostJson"/>.</summary>
sealed class XgboostReader(XgboostLearner learner, string name)
{
    /// <summary>Far beyond any use; bounds what a score row may take.</summary>
    const int MaxClasses = 10_000;

    const string Softprob = "multi:softprob", Softmax = "multi:softmax", Logistic = "binary:logistic";

    readonly XgboostParameters parameters = learner.LearnerModelParam;

    public Forest Read()
    {
        var (treeInfo, xgboostTrees) = ReadModel(learner.GradientBooster);
        RejectMissingValue();
        var (transform, classes) = ReadObjective();
        var outputs = transform == ScoreTransform.Sigmoid ? 1 : classes;
        var columns = ReadColumns();
        var trees = ReadTrees(treeInfo, xgboostTrees, outputs, columns.Count);
        AddBaseScores(trees, outputs, transform);
        return new()
        {
            Classes = classes,
            TreesPerIteration = outputs,
            Transform = transform,
            Trees = trees,
            ColumnNames = columns,
        };
    }

    (int[] TreeInfo, XgboostTree[] Trees) ReadModel(XgboostBooster booster) => booster switch
    {
        { Name: "gbtree", Model: { TreeInfo: { } info, Trees: { } trees } } => (info, trees),
        { Name: "gbtree" } => throw new InputException($"{name}: field learner.gradient_booster.model: has no "
            + "tree_info and trees; save the model with save_model('model.json')"),
        { Name: "gblinear" } => throw new InputException($"{name}: is a linear booster (gblinear), which has no trees; "
            + "train with booster=gbtree"),
        { Name: "dart" } => throw new InputException($"{name}: is a dart booster, whose trees have weights "
            + "(weight_drop), which are not supported; train with booster=gbtree"),
        _ => throw new InputException($"{name}: booster '{InputException.Quote(booster.Name)}' is not supported; train "
            + "with booster=gbtree"),
    };

    (ScoreTransform Transform, int Classes) ReadObjective()
    {
        var objective = learner.Objective.Name;
        if (parameters.NumTarget is { } targets && Number(targets, "num_target") > 1)
        {
            throw new InputException($"{name}: has several targets; train it on one label a flow");
        }

        return (objective, Number(parameters.NumClass, "num_class")) switch
        {
            (Logistic, 0 or 1) => (ScoreTransform.Sigmoid, 2),
            (Softprob or Softmax, >= 2 and <= MaxClasses and var classes) => (ScoreTransform.Softmax, classes),
            (Softprob or Softmax or Logistic, var classes) =>
                throw new InputException($"{name}: num_class={classes} does not fit objective {objective}"),
            _ => throw new InputException($"{name}: objective '{InputException.Quote(objective)}' gives no class "
                + $"probabilities; train with {Softprob} or {Logistic}"),
        };
    }

    /// <summary>XGBoost's Python package remembers that a value stood for "missing", its predictor does not.</summary>
    void RejectMissingValue()
    {
        const string Key = "\"missing\":";
        var text = learner.Attributes?.ScikitLearn ?? "";
        var at = text.IndexOf(Key, StringComparison.Ordinal);
        var value = at < 0 ? "NaN" : text[(at + Key.Length)..].Split(',', '}')[0].Trim();
        if (value is not ("NaN" or "null"))
        {
            throw new InputException($"{name}: was trained with missing={InputException.Quote(value)}; train with "
                + "missing=nan, the default: absent bits are -1 here, a value like 0 and 1");
        }
    }

    IReadOnlyList<string> ReadColumns()
    {
        var count = Number(parameters.NumFeature, "num_feature");
        var names = learner.FeatureNames ?? [];
        if (names.Any(string.IsNullOrEmpty) || (names.Length != 0 && names.Length != count))
        {
            throw new InputException($"{name}: feature_names has {names.Count(n => !string.IsNullOrEmpty(n))} names, "
                + $"num_feature is {count}");
        }

        if (count is < 1 or > 1 << 24)
        {
            throw new InputException($"{name}: num_feature is {count}");
        }

        return names.Length > 0 ? names : [.. Enumerable.Range(0, count).Select(c => $"f{c}")];
    }

    /// <summary>
    /// Reads the trees in the order of iterations, a tree of each class in turn; trees that run in parallel count as
    /// iterations of their own.
    /// </summary>
    Tree[] ReadTrees(int[] treeInfo, XgboostTree[] xgboostTrees, int outputs, int columns)
    {
        if (treeInfo.Length != xgboostTrees.Length)
        {
            throw new InputException(
                $"{name}: tree_info has {treeInfo.Length} values for {xgboostTrees.Length} trees");
        }

        var kept = KeptTrees(xgboostTrees.Length, outputs);
        var ofOutput = Enumerable.Range(0, kept).ToLookup(t => treeInfo[t]);
        var iterations = kept / outputs;
        var trees = new Tree[iterations * outputs];
        for (var output = 0; output < outputs; output++)
        {
            if (ofOutput[output].Count() != iterations || iterations == 0 || kept % outputs != 0)
            {
                throw new InputException($"{name}: class {output} has {ofOutput[output].Count()} of {kept} trees; each "
                    + $"of {outputs} has as many in a whole model");
            }

            foreach (var (iteration, tree) in ofOutput[output].Index())
            {
                // The JSON reader refuses null for a member, but not as an element of a list.
                var where = $"{name}: tree {tree}";
                trees[(iteration * outputs) + output] = XgboostTreeReader.Read(
                    xgboostTrees[tree] ?? throw new InputException($"{where} is null"), columns, where);
            }
        }

        return trees;
    }

    /// <summary>Up to the best iteration of early stopping, as <c>predict_proba</c> does.</summary>
    int KeptTrees(int trees, int outputs)
    {
        if (learner.Attributes?.BestIteration is not { } best)
        {
            return trees;
        }

        var parallel = learner.GradientBooster.Model?.GbtreeModelParam?.NumParallelTree is { } text
            ? Number(text, "num_parallel_tree")
            : 1;
        var bestIteration = Number(best, "best_iteration");
        if (bestIteration < 0)
        {
            throw new InputException($"{name}: best_iteration is {bestIteration}, expected 0 or more");
        }

        // Neither factor needs to exceed the number of trees, and so their product cannot overflow.
        var perIteration = Math.Min(outputs * (long)Math.Max(1, parallel), trees);
        return (int)Math.Min(Math.Min(bestIteration + 1L, trees) * perIteration, trees);
    }

    /// <summary>Adds the base score of every sum to the leaves of each class's first tree.</summary>
    void AddBaseScores(Tree[] trees, int outputs, ScoreTransform transform)
    {
        var scores = BaseScores(outputs);
        for (var output = 0; output < outputs; output++)
        {
            // The base score of a binary model is a probability; what is summed are log odds.
            var start = transform == ScoreTransform.Sigmoid ? LogOdds(scores[output]) : scores[output];
            var values = trees[output].LeafValues;
            for (var leaf = 0; leaf < values.Length; leaf++)
            {
                values[leaf] += start;
            }
        }
    }

    /// <summary>Reads the base scores: one for all classes, or since XGBoost 3.1 a list.</summary>
    double[] BaseScores(int outputs)
    {
        var parts = parameters.BaseScore.Trim('[', ']').Split(',');
        var scores = Array.ConvertAll(parts.Length > MaxClasses ? [] : parts, part =>
            float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
            && float.IsFinite(score)
                ? (double)score
                : throw new InputException(
                    $"{name}: base_score is '{InputException.Quote(parameters.BaseScore)}', expected a number"));
        return scores.Length == outputs ? scores
            : scores.Length == 1 ? [.. Enumerable.Repeat(scores[0], outputs)]
            : throw new InputException($"{name}: base_score has {scores.Length} values, expected {outputs}");
    }

    double LogOdds(double probability) => probability is > 0 and < 1
        ? Math.Log(probability / (1 - probability))
        : throw new InputException($"{name}: base_score is {probability}, expected a probability between 0 and 1");

    int Number(string text, string field) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputException($"{name}: {field} is '{InputException.Quote(text)}', expected a whole number");
}
