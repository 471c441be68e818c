using Xunit;

namespace ServeFlow.Training.Tests;

/// <summary>Real captures, which stand beside the repository and are no part of it.</summary>
static class TestData
{
    /// <summary>The path of a file or folder; skips the test where it is absent.</summary>
    public static string Require(string relative)
    {
        var path = Path.Combine(Folder(), relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path),
            $"{relative} is absent: put the data beside the repository as shared/data, or set SERVEFLOW_DATA");
        return path;
    }

    /// <summary><c>SERVEFLOW_DATA</c>, or <c>../shared/data</c> beside the folder that holds the solution.</summary>
    static string Folder()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "ServeFlow.slnx")))
        {
            root = root.Parent;
        }

        return Environment.GetEnvironmentVariable("SERVEFLOW_DATA")
            ?? Path.Combine(root?.FullName ?? ".", "..", "shared", "data");
    }
}
