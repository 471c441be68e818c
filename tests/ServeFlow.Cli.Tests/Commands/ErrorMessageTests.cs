using System.Diagnostics;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>An error about unusable input is one line that names the option.</summary>
public sealed class ErrorMessageTests(ErrorMessageTests.SyntheticFolder folder)
    : IClassFixture<ErrorMessageTests.SyntheticFolder>
{
    public sealed class SyntheticFolder : IDisposable
    {
        public SyntheticFolder() =>
            SyntheticSet.Write(new() { Directory = At("set"), Flows = 60, Classes = 2, Captures = 1 });

        string Root { get; } = Directory.CreateTempSubdirectory("serveflow-errors").FullName;

        public string At(string name) => Path.Combine(Root, name);

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }

    [Theory]
    [InlineData("--labels", "train -r SET/captures -o NEW")]
    [InlineData("--labels", "train -r SET/captures -o NEW --labels NONE")]
    [InlineData("--tiers", "train -r SET -o NEW --labels SET/labels.csv --tiers dt@0")]
    [InlineData("--models", "train -r SET -o NEW --labels SET/labels.csv --models dt --tiers lgbm@1")]
    [InlineData("--split", "train -r SET -o NEW --labels SET/labels.csv --models dt --depths 1")]
    [InlineData("--import", "train -r SET -o NEW --labels SET/labels.csv --import SET/labels.csv@0")]
    [InlineData("--out", "synth --out SET")]
    [InlineData("--classes", "synth --out NEW --classes 99")]
    [InlineData("--window", "features -r SET --window fast -w NEW")]
    public void Run_Mistake_NamesTheOption(string option, string command)
    {
        var said = Run(command.Replace("SET", folder.At("set")).Replace("NEW", folder.At("new"))
            .Replace("NONE", folder.At("none")).Split(' '));

        var line = Assert.Single(said, line => line.StartsWith("serveflow:", StringComparison.Ordinal));
        Assert.Contains(option, line);
    }

    static string[] Run(IEnumerable<string> arguments)
    {
        Assert.SkipUnless(File.Exists(Repository.Program), "no program to start");
        using var process = Process.Start(new ProcessStartInfo(Repository.Program, arguments)
        {
            RedirectStandardError = true,
        })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
