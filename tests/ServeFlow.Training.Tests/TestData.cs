using Xunit;

namespace ServeFlow.Training.Tests;

/// <summary>Real captures, which stand beside the repository and are no part of it.</summary>
static class TestData
{
    /// <summary>Gets the folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(new(AppContext.BaseDirectory));

    /// <summary>The path of a file or folder; skips the test where it is absent.</summary>
    public static string Require(string relative)
    {
        var path = Path.Combine(Folder(), relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path),
            $"{relative} is absent: put the data beside the repository as shared/data, or set SERVEFLOW_DATA");
        return path;
    }

    /// <summary><c>SERVEFLOW_DATA</c>, or <c>../shared/data</c> beside the folder that holds the solution.</summary>
    static string Folder() => Environment.GetEnvironmentVariable("SERVEFLOW_DATA")
        ?? Path.Combine(Root, "..", "shared", "data");

    static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "ServeFlow.slnx")) ? folder.FullName : FindRoot(folder.Parent!);
}
