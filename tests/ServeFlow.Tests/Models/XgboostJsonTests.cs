using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ServeFlow.Models;
using ServeFlow.Models.BitSliced;
using Xunit;

namespace ServeFlow.Tests.Models;

/// <summary>Held against what XGBoost 1.7.4 itself predicts; Golden/xgboost_models.py trains the models.</summary>
public sealed class XgboostJsonTests : IDisposable
{
    /// <summary>XGBoost adds up in single precision.</summary>
    const double Tolerance = 2e-6;

    static readonly string golden = Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Models", "Golden");

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-xgboost-").FullName;

    public static TheoryData<string> Names => [.. Directory.GetFiles(golden, "*.xgboost.json")
        .Select(path => Path.GetFileName(path).Replace(".xgboost.json", "")).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    internal static string Text(string name) => File.ReadAllText(Path.Combine(golden, $"{name}.xgboost.json"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_GoldenModel_PredictsWhatXgboostDoes(string name) => AssertSame(golden, name);

    [Fact]
    public void Read_ModelsTrainedHere_PredictWhatXgboostDoes()
    {
        Python.Run(["numpy", "xgboost"], Path.Combine(golden, "xgboost_models.py"), folder);

        foreach (var name in Directory.GetFiles(folder, "*.json"))
        {
            AssertSame(folder, Path.GetFileName(name).Replace(".xgboost.json", ""));
        }
    }

    [Fact]
    public void Read_ColumnNames_AreTheModelsOwnOrPlaces()
    {
        Assert.Equal("p1_column_3", Read("named").ColumnNames[3]);
        Assert.False(Read("named").HasPositionalNames);
        Assert.True(Read("softprob").HasPositionalNames);
    }

    [Fact]
    public void Read_EarlyStopped_KeepsTheTreesUpToTheBest() => Assert.Equal(1, Read("early").Iterations);

    [Fact]
    public void Read_NumbersOfTreesBeyondAny_KeepsAll()
    {
        var model = JsonNode.Parse(Text("softprob"))!;
        Set(model, ["learner", "attributes", "best_iteration"], "2147483647");
        Set(model, ["learner", "gradient_booster", "model", "gbtree_model_param", "num_parallel_tree"], "2147483647");

        var forest = XgboostJson.Read(Encoding.UTF8.GetBytes(model.ToJsonString()), "m.json");

        Assert.Equal(Read("softprob").Trees.Count, forest.Trees.Count);
    }

    /// <summary>XGBoost goes left below the split condition, and right at it.</summary>
    [Fact]
    public void Read_ValueAtTheSplitCondition_GoesRight()
    {
        var tree = Read("softprob").Trees[0];
        var model = JsonNode.Parse(Text("softprob"))!["learner"]!["gradient_booster"]!["model"]!;
        var condition = (float)model["trees"]![0]!["split_conditions"]![0]!;

        Assert.Equal(tree.RightChildren[0], tree.Child(0, condition));
        Assert.Equal(tree.LeftChildren[0], tree.Child(0, MathF.BitDecrement(condition)));
    }

    [Fact]
    public void Read_WrittenAsLightGbmText_IsTheSameForest()
    {
        var forest = Read("softprob");
        var again = LightGbmText.Read(LightGbmText.Write(forest), "again");

        Assert.Equal(forest.Trees.SelectMany(t => t.Thresholds), again.Trees.SelectMany(t => t.Thresholds));
        Assert.Equal(forest.Trees.SelectMany(t => t.LeafValues), again.Trees.SelectMany(t => t.LeafValues));
    }

    /// <summary>Boosters as XGBoost writes them, other tools' JSON, and what to do about each.</summary>
    [Theory]
    [InlineData("{\"name\":\"gblinear\",\"model\":{\"boosted_rounds\":4,\"weights\":[0.1,0.2]}}",
        "is a linear booster (gblinear), which has no trees; train with booster=gbtree")]
    [InlineData("{\"name\":\"dart\",\"gbtree\":{\"name\":\"gbtree\",\"model\":{}},\"weight_drop\":[1,0.5]}",
        "is a dart booster, whose trees have weights (weight_drop), which are not supported; train with booster")]
    [InlineData("{\"name\":\"gbtree\",\"model\":{}}", "has no tree_info and trees")]
    public void Read_OtherBooster_SaysWhatItIs(string booster, string expected)
    {
        var json = "{\"learner\":{\"attributes\":{\"best_iteration\":\"3\"},\"feature_names\":[\"a\"],"
            + "\"gradient_booster\":" + booster + ",\"learner_model_param\":{"
            + "\"base_score\":\"5E-1\",\"num_class\":\"2\",\"num_feature\":\"1\"},"
            + "\"objective\":{\"name\":\"multi:softprob\"}},\"version\":[2,0,3]}";

        Assert.Contains(expected,
            Assert.Throws<InputException>(() => XgboostJson.Read(Encoding.UTF8.GetBytes(json), "model.json")).Message);
    }

    [Theory]
    [InlineData("{\"name\": \"tree\", \"version\": \"v4\", \"tree_info\": []}", "Booster.save_model('model.txt')")]
    [InlineData("{L\0\0\0\0\0\0\0\u0007learner", "it looks like XGBoost's UBJSON")]
    [InlineData("{\"other\": 1}", "save the model with save_model('model.json')")]
    public void Read_OtherJson_HasTheRemedyOfItsTool(string text, string expected) => Assert.Contains(expected,
        Assert.Throws<InputException>(() => XgboostJson.Read(Encoding.UTF8.GetBytes(text), "model.json")).Message);

    /// <summary>What stands where, by what, and what the refusal says.</summary>
    [Theory]
    [InlineData("learner.gradient_booster.name", "\"dart\"", "is a dart booster")]
    [InlineData("learner.gradient_booster.name", "\"gbforest\"", "booster 'gbforest' is not supported")]
    [InlineData("learner.gradient_booster.model.trees", "null", "has no tree_info and trees")]
    [InlineData("learner.objective.name", "\"rank:pairwise\"", "'rank:pairwise' gives no class probabilities")]
    [InlineData("learner.learner_model_param.num_class", "\"1\"", "num_class=1 does not fit")]
    [InlineData("learner.learner_model_param.num_class", "\"99999\"", "num_class=99999 does not fit")]
    [InlineData("learner.learner_model_param.num_class", "\"4\"", "class 0 has 4 of 12 trees")]
    [InlineData("learner.learner_model_param.num_class", "3", "field learner.learner_model_param.num_class")]
    [InlineData("learner.learner_model_param.num_target", "\"2\"", "several targets")]
    [InlineData("learner.learner_model_param.num_feature", "\"2\"", "but there are 2 columns")]
    [InlineData("learner.learner_model_param.num_feature", "\"2000000000\"", "num_feature is 2000000000")]
    [InlineData("learner.learner_model_param.base_score", "\"x\"", "base_score is 'x'")]
    [InlineData("learner.learner_model_param.base_score", "\"[1,2]\"", "base_score has 2 values, expected 3")]
    [InlineData("learner.attributes.best_iteration", "\"-3\"", "best_iteration is -3")]
    [InlineData("learner.feature_names", "[\"a\"]", "feature_names has 1 names")]
    [InlineData("learner.attributes.scikit_learn", "\"{\\\"missing\\\": -1.0, \\\"x\\\": 1}\"", "missing=-1.0")]
    [InlineData("learner.gradient_booster.model.tree_info", "[0]", "tree_info has 1 values")]
    [InlineData("learner.gradient_booster.model.trees.1.left_children.0", "99", "tree 1: left_children[0] is 99")]
    [InlineData("learner.gradient_booster.model.trees.1.right_children.0", "-1", "tree 1: right_children[0] is -1")]
    [InlineData("learner.gradient_booster.model.trees.1.left_children.1", "0", "leads to 0 a second time")]
    [InlineData("learner.gradient_booster.model.trees.1.split_indices.0", "7", "split_indices[0] is 7")]
    [InlineData("learner.gradient_booster.model.trees.1.split_indices", "[1]", "split_indices has 1 values")]
    [InlineData("learner.gradient_booster.model.trees.1.split_type.0", "1", "categorical")]
    [InlineData("learner.gradient_booster.model.trees.1.default_left.0", "2", "neither 0 nor 1")]
    [InlineData("learner.gradient_booster.model.trees.1.split_conditions.2", "null", "split_conditions")]
    [InlineData("learner.gradient_booster.model.trees.1", "null", "tree 1 is null")]
    [InlineData("learner.feature_names", "[null]", "feature_names has 0 names")]
    [InlineData("learner.objective", "null", "field learner")]
    public void Read_DamagedField_SaysWhichAndWhy(string path, string value, string expected)
    {
        var model = JsonNode.Parse(Text("softprob"))!;
        Set(model, path.Split('.'), JsonNode.Parse(value));

        var message = ErrorMessage(model.ToJsonString());

        Assert.StartsWith("m.json", message);
        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tree\nversion=v4")]
    [InlineData("{\"learner\":")]
    [InlineData("{\"learner\":{}}")]
    [InlineData("null")]
    [InlineData("{}")]
    public void Read_OtherText_SaysHowToSaveOne(string text) => Assert.Contains("save_model", ErrorMessage(text));

    [Fact]
    public void Read_BaseScoreOfEachClass_IsAddedToItsSum()
    {
        var model = JsonNode.Parse(Text("softprob"))!;
        Set(model, ["learner", "learner_model_param", "base_score"], "[1E0,2E0,-3E0]");

        var shifted = XgboostJson.Read(Encoding.UTF8.GetBytes(model.ToJsonString()), "m.json");
        var plain = Read("softprob");

        Assert.Equal(Enumerable.Repeat(-3.5, plain.Trees[2].LeafValues.Length),
            shifted.Trees[2].LeafValues.Zip(plain.Trees[2].LeafValues, (a, b) => Math.Round(a - b, 6)));
    }

    static Forest Read(string name) => XgboostJson.Read(Encoding.UTF8.GetBytes(Text(name)), name);

    static string ErrorMessage(string text) =>
        Assert.Throws<InputException>(() => XgboostJson.Read(Encoding.UTF8.GetBytes(text), "m.json")).Message;

    static void Set(JsonNode node, string[] path, JsonNode? value)
    {
        foreach (var step in path[..^1])
        {
            node = (int.TryParse(step, out var place) ? node[place] : node[step])!;
        }

        if (int.TryParse(path[^1], out var last))
        {
            node[last] = value;
        }
        else
        {
            node[path[^1]] = value;
        }
    }

    static void AssertSame(string folder, string name)
    {
        var forest = XgboostJson.Read(File.ReadAllBytes(Path.Combine(folder, $"{name}.xgboost.json")), name);
        var reference = new ReferenceScorer(forest, [.. Enumerable.Range(0, forest.ColumnNames.Count)]);
        Assert.True(BitSlicedCompiler.Compile(forest).ErrorBound < 1e-6);
        var probabilities = new float[forest.Classes];
        foreach (var line in File.ReadLines(Path.Combine(folder, $"{name}.xgboost.csv")))
        {
            var (row, predicted) = (Numbers(line.Split(',')[0]), Numbers(line.Split(',')[1]));
            reference.Score([.. reference.Columns.ToArray().Select(column => row[column])], 1, probabilities);
            for (var c = 0; c < predicted.Length; c++)
            {
                Assert.Equal(predicted[c], probabilities[c], Tolerance);
            }
        }
    }

    static float[] Numbers(string text) =>
        Array.ConvertAll(text.Split(' '), number => float.Parse(number, CultureInfo.InvariantCulture));
}
