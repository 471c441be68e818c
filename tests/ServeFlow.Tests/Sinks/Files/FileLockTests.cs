using ServeFlow.Sinks.Files;
using Xunit;

namespace ServeFlow.Tests.Sinks.Files;

/// <summary>One writer for a file, and what killed writers leave behind.</summary>
public sealed class FileLockTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-lock-").FullName;

    string Log => Path.Combine(folder, "log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_FileThatAnotherAddsTo_IsRefusedAndLeftAsItIs()
    {
        using (var first = AppendStream.Open(Log))
        {
            first.Write("a line\nhalf of one"u8);

            Assert.Throws<FileInUseException>(() => AppendStream.Open(Log));
            Assert.Equal("a line\nhalf of one", File.ReadAllText(Log));
            Assert.False(first.IsUnguarded);
        }

        AppendStream.Open(Log).Dispose();
    }

    [Fact]
    public void Open_Devices_HaveAnyNumberOfWriters()
    {
        using var first = AppendStream.Open("/dev/null");
        using var second = AppendStream.Open("/dev/null");

        second.Write("nothing"u8);
    }

    [Fact]
    public void RemoveLeftBehind_OnlyOfOursAndUnlocked()
    {
        var ours = Partial("out", 'a');
        var others = Partial("other", 'b');
        var (living, file) = PartialName.Open(Log.Replace("log", "out"), AppendStream.Open);
        string[] kept =
        [
            others, living, Path.Combine(folder, "out.partial"), Path.Combine(folder, "out.1234.partial"),
            Path.Combine(folder, "out"),
        ];
        kept.Where(path => !File.Exists(path)).ToList().ForEach(path => File.WriteAllText(path, ""));

        PartialName.RemoveLeftBehind(folder, name => name == "out");

        Assert.False(File.Exists(ours));
        Assert.All(kept, path => Assert.True(File.Exists(path)));
        file.Dispose();
        PartialName.RemoveLeftBehind(folder, name => name == "out");
        Assert.False(File.Exists(living));
    }

    [Fact]
    public void RemoveLeftBehind_NoSuchFolder_IsNoError() =>
        PartialName.RemoveLeftBehind(Path.Combine(folder, "none"), _ => true);

    string Partial(string name, char digit)
    {
        var path = Path.Combine(folder, $"{name}.{new string(digit, 32)}.partial");
        File.WriteAllText(path, "left behind");
        return path;
    }
}
