using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Configuration;

/// <summary>What <c>config check</c> says of a worker's file.</summary>
public sealed class WorkerConfigurationTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-worker-file-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("worker: {bundles: [a, b], threads: 2}\ncluster: {id: edge}", 0, "valid, 3 settings of a worker")]
    [InlineData("worker: {threads: 2, bundels: [a]}", 1, "w.yaml:1: worker.bundels: is no setting; did you")]
    [InlineData("worker: {threads: 2}", 1, "w.yaml:1: BUNDLE: is missing: give the bundle of the sensors")]
    public void Check_FileOfAWorker_IsCheckedAsSuch(string text, int code, string expected)
    {
        File.WriteAllText(Path.Combine(folder, "w.yaml"), text);

        var (exit, output, error) = ProgramProcess.Run(folder, "$serveflow config check w.yaml");

        Assert.Equal(code, exit);
        Assert.Contains(expected, output + error, StringComparison.Ordinal);
    }
}
