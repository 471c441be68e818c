using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>A locale that writes numbers otherwise, in an environment that has the runtime heed it.</summary>
public sealed class LocaleTests : IDisposable
{
    const string German = "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 LC_ALL=de_DE.UTF-8";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-locale-").FullName;

    public LocaleTests()
    {
        SmallBundle.Write(Path.Combine(folder, "bundle"));
        File.WriteAllBytes(Path.Combine(folder, "x.pcap"), new CaptureBuilder(101)
            .Add(1_700_000_000_500_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("model show bundle")]
    [InlineData("flows -r x.pcap")]
    [InlineData("features -r x.pcap --features nprint:none+agg --format csv")]
    [InlineData("classify --help")]
    public void Run_UnderAnotherLocale_WritesTheSame(string command)
    {
        var expected = ProgramProcess.Run(folder, $"$serveflow {command} -q");
        var found = ProgramProcess.Run(folder, $"{German} $serveflow {command} -q");

        Assert.SkipWhen(found.Said.Contains("libicu", StringComparison.Ordinal), "the runtime has no locales here");
        Assert.Equal(expected, found);
    }
}
