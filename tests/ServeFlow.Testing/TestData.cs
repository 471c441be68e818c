using Xunit;

namespace ServeFlow.Testing;

/// <summary>
/// Real captures and their expected results, which stand beside the repository and are no part of it.
/// </summary>
public static class TestData
{
    /// <summary><c>SERVEFLOW_DATA</c>, or <c>../shared/data</c> beside the repository.</summary>
    static readonly string Folder = Environment.GetEnvironmentVariable("SERVEFLOW_DATA")
        ?? Path.Combine(Repository.Root, "..", "shared", "data");

    /// <summary>The path of a file or folder; skips the test where it is absent.</summary>
    public static string Require(string relative)
    {
        var path = Path.Combine(Folder, relative);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path),
            $"{relative} is absent: put the data beside the repository as shared/data, or set SERVEFLOW_DATA");
        return path;
    }
}
