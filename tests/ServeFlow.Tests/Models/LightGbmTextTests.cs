using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Models;

public sealed class LightGbmTextTests
{
    /// <summary>
    /// The smallest model with everything in it: two classes, a tree of two nodes and one of one leaf.
    /// </summary>
    const string Small = """
        tree
        version=v4
        num_class=2
        num_tree_per_iteration=2
        label_index=0
        max_feature_idx=1
        objective=multiclass num_class:2
        feature_names=a b
        feature_infos=none none

        Tree=0
        num_leaves=3
        num_cat=0
        split_feature=0 1
        threshold=0.5 -inf
        decision_type=2 8
        left_child=1 -1
        right_child=-2 -3
        leaf_value=1 2 3
        is_linear=0
        shrinkage=1


        Tree=1
        num_leaves=1
        num_cat=0
        leaf_value=4


        end of trees
        """;

    public static TheoryData<string> Golden => GoldenModels.Names;

    [Fact]
    public void Read_SmallModel_HasEveryField()
    {
        var forest = LightGbmText.Read(Small, "small");
        Assert.Equal((2, 2, 1), (forest.Classes, forest.TreesPerIteration, forest.Iterations));
        Assert.Equal(ScoreTransform.Softmax, forest.Transform);
        Assert.Equal(["a", "b"], forest.ColumnNames);
        Assert.Equal([0, 1], forest.UsedColumns);
        var tree = forest.Trees[0];
        Assert.Equal([0.5, double.NegativeInfinity], tree.Thresholds);
        Assert.Equal([MissingKind.None, MissingKind.NaN], tree.Missing);
        Assert.Equal([true, false], tree.DefaultLeft);
        Assert.Equal([4], forest.Trees[1].LeafValues);
    }

    [Fact]
    public void Read_WindowsLineEnds_GivesTheSame() =>
        Assert.Equal(LightGbmText.Write(LightGbmText.Read(Small, "lf")),
            LightGbmText.Write(LightGbmText.Read(Small.Replace("\n", "\r\n"), "crlf")));

    [Theory]
    [MemberData(nameof(Golden))]
    public void Write_GoldenModel_ReadsBackTheSame(string name)
    {
        var forest = LightGbmText.Read(GoldenModels.Text(name), name);
        var again = LightGbmText.Read(LightGbmText.Write(forest), name);
        Assert.Equal((forest.Classes, forest.TreesPerIteration, forest.Transform, forest.SigmoidScale,
            forest.AverageOutput), (again.Classes, again.TreesPerIteration, again.Transform, again.SigmoidScale,
            again.AverageOutput));
        Assert.Equal(forest.ColumnNames, again.ColumnNames);
        Assert.Equal(LightGbmText.Write(forest), LightGbmText.Write(again));
        Assert.All(forest.Trees.Zip(again.Trees), pair => Assert.Equivalent(pair.First, pair.Second));
    }

    [Theory]
    [InlineData("tree\n", "wood\n", "line 1")]
    [InlineData("num_class=2\nnum_tree", "num_class=3\nnum_tree", "num_class")]
    [InlineData("num_class=2\nnum_tree", "num_class=x\nnum_tree", "num_class is 'x'")]
    [InlineData("iteration=2", "iteration=3", "num_tree_per_iteration")]
    [InlineData("iteration=2", "iteration=1", "num_tree_per_iteration")]
    [InlineData("iteration=2", "iteration=0", "num_tree_per_iteration")]
    [InlineData("max_feature_idx=1", "max_feature_idx=2", "max_feature_idx")]
    [InlineData("max_feature_idx=1", "max_feature_idx=2147483647", "max_feature_idx")]
    [InlineData("objective=multiclass", "objective=regression", "objective")]
    [InlineData("objective=multiclass num_class:2", "objective=cross_entropy", "train with objective=binary")]
    [InlineData("objective=multiclass num_class:2", "objective=lambdarank", "'lambdarank' ranks")]
    [InlineData("objective=multiclass num_class:2", "objective=custom", "does not say how scores become")]
    [InlineData("objective=multiclass num_class:2\n", "", "objective")]
    [InlineData("feature_names=a b", "feature_name=a b", "feature_names is missing")]
    [InlineData("Tree=1", "Tree=2", "tree 1")]
    [InlineData("num_leaves=3", "num_leaves=4", "tree 0: leaf_value")]
    [InlineData("num_leaves=3", "num_leaves=2147483647", "tree 0: leaf_value")]
    [InlineData("num_leaves=3", "num_leaves=0", "tree 0: num_leaves")]
    [InlineData("split_feature=0 1", "split_feature=0 2", "tree 0: split_feature[1]")]
    [InlineData("split_feature=0 1", "split_feature=0 -1", "tree 0: split_feature[1]")]
    [InlineData("split_feature=0 1", "split_feature=0", "tree 0: split_feature")]
    [InlineData("split_feature=0 1", "split_feature=0 1 1", "tree 0: split_feature")]
    [InlineData("threshold=0.5 -inf", "threshold=0.5 nan", "tree 0: threshold[1]")]
    [InlineData("threshold=0.5 -inf", "threshold=0.5 zero", "tree 0: threshold[1] is 'zero'")]
    [InlineData("threshold=0.5 -inf", "threshold=0,5 -inf", "tree 0: threshold[0] is '0,5'")]
    [InlineData("left_child=1 -1", "left_child=0 -1", "tree 0: left_child[0]")]
    [InlineData("left_child=1 -1", "left_child=2 -1", "tree 0: left_child[0]")]
    [InlineData("left_child=1 -1", "left_child=1 1", "tree 0: left_child[1]")]
    [InlineData("left_child=1 -1", "left_child=-1 -3", "tree 0: node 1")]
    [InlineData("right_child=-2 -3", "right_child=-2 -4", "tree 0: right_child[1]")]
    [InlineData("right_child=-2 -3", "right_child=-2 -2147483648", "tree 0: right_child[1]")]
    [InlineData("right_child=-2 -3", "right_child=-2 -2", "tree 0: right_child")]
    [InlineData("leaf_value=1 2 3", "leaf_value=1 2 inf", "tree 0: leaf_value[2]")]
    [InlineData("leaf_value=1 2 3", "leaf_value=1 2 1e300", "tree 0: leaf_value[2]")]
    [InlineData("decision_type=2 8", "decision_type=2 9", "tree 0: decision_type[1] is categorical")]
    [InlineData("decision_type=2 8", "decision_type=2 12", "tree 0: decision_type[1]")]
    [InlineData("num_cat=0\nsplit", "num_cat=1\nsplit", "tree 0: num_cat")]
    [InlineData("is_linear=0", "is_linear=1", "tree 0: is_linear")]
    [InlineData("is_linear=0", "num_cat=0", "tree 0: num_cat occurs twice")]
    [InlineData("end of trees", "", "cut off")]
    public void Read_OneFieldWrong_NamesModelAndField(string right, string wrong, string named)
    {
        Assert.Contains(right, Small);
        var e = Assert.Throws<InputException>(() => LightGbmText.Read(Small.Replace(right, wrong), "m.txt"));
        Assert.StartsWith("m.txt: ", e.Message);
        Assert.Contains(named, e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Read_CycleApartFromTheRoot_IsRefused()
    {
        var text = Small.Replace("num_leaves=3", "num_leaves=4").Replace("split_feature=0 1", "split_feature=0 1 1")
            .Replace("threshold=0.5 -inf", "threshold=0 0 0").Replace("decision_type=2 8", "decision_type=2 2 2")
            .Replace("left_child=1 -1", "left_child=-1 2 1").Replace("right_child=-2 -3", "right_child=-2 -3 -4")
            .Replace("leaf_value=1 2 3", "leaf_value=1 2 3 4");
        Assert.Contains("tree 0: node 1", Assert.Throws<InputException>(() => LightGbmText.Read(text, "m")).Message);
    }

    [Fact]
    public void Read_NoObjectiveAndLeavesThatAreNoProbabilities_IsRefused()
    {
        var text = Small.Replace("objective=multiclass num_class:2", "average_output");
        Assert.Contains("leaf_value", Assert.Throws<InputException>(() => LightGbmText.Read(text, "m")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("tree")]
    [InlineData("<html>")]
    public void Read_NoModelAtAll_IsRefused(string text) =>
        Assert.StartsWith("m: ", Assert.Throws<InputException>(() => LightGbmText.Read(text, "m")).Message);
}
