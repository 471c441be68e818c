using System.Diagnostics;
using ServeFlow.Models;
using ServeFlow.Onnx;
using ServeFlow.Onnx.Protobuf;
using ServeFlow.Onnx.Trees;
using Xunit;

namespace ServeFlow.Training.Tests.Onnx;

/// <summary>What is refused before anything scores with it.</summary>
public sealed class OnnxModelTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-onnx").FullName;

    static readonly byte[] valid = OnnxForestWriter.Write(new()
    {
        Classes = 2,
        TreesPerIteration = 1,
        Transform = ScoreTransform.Sigmoid,
        ColumnNames = ["a", "b", "c"],
        Trees =
        [
            new()
            {
                Columns = [1], Thresholds = [0.5], LeftChildren = [~0], RightChildren = [~1], LeafValues = [-1, 1],
            },
        ],
    });

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_File_KnowsItsShape()
    {
        using var model = OnnxModel.Open(Write("model.onnx", valid));

        Assert.Equal((3, 2), (model.Columns, model.Classes));
    }

    [Fact]
    public void Load_TwoOutputsOfScores_SaysToKeepOne()
    {
        var model = LinearModel.Write(1, 3, [1, 0, 0, 1, 1, 1], isDouble: true);

        var message = Assert.Throws<InputException>(() => OnnxModel.Load(model, "two.onnx")).Message;
        Assert.Contains("2 of its outputs (", message);
        Assert.EndsWith("expected one; export the probabilities alone (onnx.utils.extract_model keeps one output)",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SymbolicLink_IsRefused()
    {
        File.CreateSymbolicLink(At("link.onnx"), Write("model.onnx", valid));

        Assert.Contains("is a link", ErrorMessage(At("link.onnx")));
    }

    [Fact]
    public void Open_HardLink_IsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "hard links are counted on Linux only");
        using (var link = Process.Start("ln", [Write("model.onnx", valid), At("other.onnx")]))
        {
            link.WaitForExit();
        }

        Assert.Contains("hard links", ErrorMessage(At("model.onnx")));
    }

    [Fact]
    public void Open_NothingThere_IsRefused() => Assert.Contains("cannot be read", ErrorMessage(At("none.onnx")));

    /// <summary>As an initializer, in an attribute, inside a branch's graph, in a sparse tensor.</summary>
    [Theory]
    [InlineData(7, 5)]
    [InlineData(7, 1, 5, 5)]
    [InlineData(7, 1, 5, 6, 5)]
    [InlineData(7, 15, 1)]
    [InlineData(25, 7, 5, 10)]
    public void Load_ExternalData_IsRefused(params int[] path)
    {
        var tensor = new MessageWriter().Integer(14, 1);
        var model = path.Reverse().Aggregate(tensor, (inner, field) => new MessageWriter().Message(field, inner));

        Assert.Contains("other files", ErrorMessage(Write("model.onnx", [.. valid, .. model.Bytes])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    public void Open_CutFile_IsRefused(int length) => ErrorMessage(Write("model.onnx", valid[..length]));

    [Fact]
    public void Verify_AnyByteChanged_PassesOrIsRefusedByName()
    {
        var refused = 0;
        for (var at = 0; at < valid.Length; at++)
        {
            var changed = valid.ToArray();
            changed[at] ^= 0xff;
            try
            {
                ExternalDataCheck.Verify(changed, "changed");
            }
            catch (InputException e)
            {
                Assert.StartsWith("changed: ", e.Message);
                refused++;
            }
        }

        Assert.InRange(refused, 1, valid.Length - 1);
    }

    [Fact]
    public void Load_DeepNesting_IsRefused()
    {
        var graph = new MessageWriter();
        for (var depth = 0; depth < 100; depth++)
        {
            graph = new MessageWriter()
                .Message(1, new MessageWriter().Message(5, new MessageWriter().Message(6, graph)));
        }

        Assert.Contains("nested",
            ErrorMessage(Write("model.onnx", new MessageWriter().Message(7, graph).Bytes.ToArray())));
    }

    string At(string name) => Path.Combine(folder, name);

    string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    static string ErrorMessage(string path)
    {
        var message = Assert.Throws<InputException>(() => OnnxModel.Open(path)).Message;
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
