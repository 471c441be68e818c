using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace ServeFlow.Tests.Architecture;

/// <summary>A project is a wall: which others it may build on, and which libraries come in with it.</summary>
public sealed partial class ProjectTests
{
    /// <summary>The command builds on all; nothing builds on it.</summary>
    const string Command = "ServeFlow.Cli";

    /// <summary>Each project's folder, relative to the repository.</summary>
    static readonly IReadOnlyList<string> folders =
    [
        .. new[] { "src", "tests" }
            .SelectMany(root => Directory.EnumerateDirectories(Path.Combine(Repository.Root, root)))
            .Select(folder => Path.GetRelativePath(Repository.Root, folder)),
    ];

    static readonly Dictionary<string, string[]> allowed = new()
    {
        ["ServeFlow.Core"] = [],
        ["ServeFlow.Onnx"] = ["ServeFlow.Core"],
        ["ServeFlow.Training"] = ["ServeFlow.Core", "ServeFlow.Onnx"],
        ["ServeFlow.Export"] = ["ServeFlow.Core"],
        ["ServeFlow.Kafka"] = ["ServeFlow.Core"],
        ["ServeFlow.Cluster"] = ["ServeFlow.Core"],
        ["ServeFlow.Grpc"] = ["ServeFlow.Core"],
        ["ServeFlow.Service"] = ["ServeFlow.Core", "ServeFlow.Grpc"],
        ["ServeFlow.Dashboard"] = ["ServeFlow.Core", "ServeFlow.Service"],
        ["ServeFlow.Testing"] = ["ServeFlow.Core"],
        ["ServeFlow.Tests"] = ["ServeFlow.Core", "ServeFlow.Export", "ServeFlow.Kafka", "ServeFlow.Testing"],
        ["ServeFlow.Training.Tests"] = ["ServeFlow.Training", "ServeFlow.Onnx", "ServeFlow.Testing"],
        ["ServeFlow.Cli.Tests"] = ["ServeFlow.Cli", "ServeFlow.Testing"],
    };

    [Fact]
    public void Projects_References_AreThoseAllowed()
    {
        var violations = Projects().Where(project => project != Command)
            .SelectMany(project => References(project, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
                .Except(allowed.GetValueOrDefault(project, []))
                .Select(named => $"{project} builds on {named}"));

        Assert.Empty(violations);
    }

    [Fact]
    public void Projects_All_AreOnTheArchitecturePage()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

        Assert.All(folders, folder => Assert.Contains($"| `{folder}` |", page));
    }

    /// <summary>The page sends readers to files: each of them is there.</summary>
    [Fact]
    public void Paths_OnTheArchitecturePage_Exist()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var paths = Paths().Matches(page).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.InRange(paths.Count, 40, 200);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    [Theory]
    [InlineData("Microsoft.ML.OnnxRuntime", "ServeFlow.Onnx")]
    [InlineData("LightGBM", "ServeFlow.Training")]
    [InlineData("Confluent.Kafka", "ServeFlow.Kafka")]
    [InlineData("Microsoft.Orleans.Runtime", "ServeFlow.Cluster")]
    [InlineData("Grpc.Net.Client", "ServeFlow.Grpc")]
    public void NativeLibrary_ComesInWithOneProject(string package, string expected)
    {
        var users = Projects().Where(project => References(project, "PackageReference").Contains(package));

        Assert.Equal([expected], users);
    }

    static IEnumerable<string> Projects() => folders.Select(folder => Path.GetFileName(folder));

    static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Path.Combine(Repository.Root, folders.Single(folder => Path.GetFileName(folder) == project),
                project + ".csproj"))
            .Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);

    [GeneratedRegex("`((?:src|tests)/[^`]+)`")]
    private static partial Regex Paths();
}
