using Microsoft.ML.OnnxRuntime;
using ServeFlow.Onnx;
using Xunit;

namespace ServeFlow.Training.Tests.Onnx;

/// <summary>What computes models: what was asked for, or nothing at all.</summary>
public sealed class OnnxProviderTests : IDisposable
{
    static readonly byte[] model = LinearModel.Write(1, 3, [1, 0, 0, 1, 1, 1]);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-provider").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(OnnxProvider.Cuda, "cuda")]
    [InlineData(OnnxProvider.OpenVino, "openvino")]
    public void Read_BuildHasNotTheProvider_SaysWhatItHas(OnnxProvider provider, string name)
    {
        var format = new OnnxFormat(new() { Provider = provider });

        var message = Assert.Throws<InputException>(() => format.Read(model, "m.onnx")).Message;
        Assert.StartsWith($"m.onnx: this build of ONNX Runtime ({OrtEnv.Instance().GetVersionString()}) has no "
            + $"provider {name}, but ", message, StringComparison.Ordinal);
        Assert.Contains("CPUExecutionProvider", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Count_ProfileOfTheProcessor_HasEachOperationOnce()
    {
        using var profile = new ProviderProfile();
        using var loaded = OnnxModel.Load(model, "m.onnx", new(), profile.Prefix);
        foreach (var rows in (ReadOnlySpan<int>)[1, 3])
        {
            using var batch = new OnnxBatch(loaded, new sbyte[rows * 3], new float[rows * 2], rows);
            batch.Run();
        }

        var path = loaded.EndProfile();
        var (own, all) = ProviderProfile.Count(path, "CPUExecutionProvider");
        Assert.InRange(own, 2, 4); // a cast and a product at least
        Assert.Equal(own, all);
        Assert.Equal((0, all), ProviderProfile.Count(path, "CUDAExecutionProvider"));
    }

    [Fact]
    public void Use_NoSuchFolder_IsRefused() => Assert.StartsWith($"{folder}/none: is no folder; give the folder",
        Refusal(Path.Combine(folder, "none")), StringComparison.Ordinal);

    [Fact]
    public void Use_FolderWithoutTheLibrary_IsRefused() =>
        Assert.StartsWith($"{folder}: has no libonnxruntime.so; give the folder", Refusal(folder),
            StringComparison.Ordinal);

    [Fact]
    public void Use_FileThatIsNoLibrary_IsRefused()
    {
        File.WriteAllText(Path.Combine(folder, "libonnxruntime.so"), "none");

        Assert.StartsWith($"{folder}/libonnxruntime.so: cannot be loaded: ", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Use_AnotherLibrary_IsRefused()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "lib_lightgbm.so"),
            Path.Combine(folder, "libonnxruntime.so"));

        Assert.Equal($"{folder}/libonnxruntime.so: is no library of ONNX Runtime", Refusal(folder));
    }

    static string Refusal(string folder)
    {
        var message = Assert.Throws<InputException>(() => OnnxLibrary.Use(folder)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
