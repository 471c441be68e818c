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
    [InlineData("worker: {bundles: [a]}\nlogging: {level: loud}", 1, "w.yaml:2: logging.level 'loud': give 'error' or")]
    [InlineData("worker: {threads: 2}", 1, "w.yaml:1: BUNDLE: is missing: give the bundle of the sensors")]
    [InlineData("worker:\n  bundles: [a]\n  listen: 10.0.0.5", 1, "w.yaml:3: worker.listen: 10.0.0.5:30000: is not on")]
    [InlineData("worker: {bundles: [a], listen: 10.0.0.5}\ncluster: {cert: no.pem, ca: no.pem}", 0,
        "not usable on this machine: no.pem: cannot be read as a certificate")]
    [InlineData("worker: {bundles: [a]}\ncluster: {membership: redis, connection-file: no}", 0,
        "not usable on this machine: --cluster-connection-file no: cannot be read")]
    public void Check_FileOfAWorker_IsCheckedAsSuch(string text, int code, string expected)
    {
        File.WriteAllText(Path.Combine(folder, "w.yaml"), text);

        var (exit, output, error) = ProgramProcess.Run(folder, "$serveflow config check w.yaml");

        Assert.Equal(code, exit);
        Assert.Contains(expected, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dump_FileOfAWorker_ShowsItsSettingsAndIsValid()
    {
        File.WriteAllText(Path.Combine(folder, "w.yaml"), "worker: {bundles: [a, b], threads: 2}\ncluster: {id: edge}");

        var (exit, output, error) = ProgramProcess.Run(folder,
            "$serveflow config dump w.yaml -- --gather 64 > d.yaml && cat d.yaml && $serveflow config check d.yaml");

        Assert.Equal((0, ""), (exit, error));
        Assert.Matches("(?m)^  bundles: [[]a, b[]] +# w.yaml:1$", output);
        Assert.Matches("(?m)^  gather: 64 +# --gather$", output);
        Assert.Matches("(?m)^logging:\n  level: info +# default$", output);
        Assert.DoesNotContain("capture:", output, StringComparison.Ordinal);
        Assert.Contains("d.yaml: valid, ", output, StringComparison.Ordinal);
    }
}
