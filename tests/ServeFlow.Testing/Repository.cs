namespace ServeFlow.Testing;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Gets the program of the build that the tests belong to, as a user starts it.</summary>
    public static string Program { get; } = Path.Combine(Root, "artifacts", "bin", "ServeFlow.Cli",
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "serveflow");

    public static IEnumerable<string> SourceFiles() =>
        new[] { "src", "tests", "benchmarks" }
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));

    static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "ServeFlow.slnx")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
