using Xunit;

namespace ServeFlow.Tests;

/// <summary>Folders of killed runs go, and those of living ones stay.</summary>
public sealed class UnfinishedFolderTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-unfinished-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void RemoveLeftBehind_KilledAndLivingRuns_RemovesTheFormer()
    {
        using var living = UnfinishedFolder.Create(At("set.1.partial"));
        Directory.CreateDirectory(At("set.2.partial/captures"));
        File.WriteAllText(At("set.2.partial/.lock"), ""); // nobody holds it
        Directory.CreateDirectory(At("set.3.partial")); // not ours
        File.WriteAllText(At("set.3.partial/thesis.txt"), "");

        UnfinishedFolder.RemoveLeftBehind(folder, "set.*.partial");
        UnfinishedFolder.RemoveLeftBehind(At("absent"), "*");

        Assert.Equal(["set.1.partial", "set.3.partial"],
            Directory.GetDirectories(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Publish_Folder_HasItsNameAndNoLock()
    {
        using (var made = UnfinishedFolder.Create(At("set.1.partial")))
        {
            File.WriteAllText(Path.Combine(made.Path, "labels.csv"), "");
            made.Publish(At("set"));
        }

        Assert.Equal(["set"], Directory.GetDirectories(folder).Select(Path.GetFileName));
        Assert.Equal(["labels.csv"], Directory.GetFiles(At("set")).Select(Path.GetFileName));
    }

    [Fact]
    public void Dispose_Unpublished_LeavesNothing()
    {
        UnfinishedFolder.Create(At("set.1.partial")).Dispose();

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    string At(string name) => Path.Combine(folder, name);
}
