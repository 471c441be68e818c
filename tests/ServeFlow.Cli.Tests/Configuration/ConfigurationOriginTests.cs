using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Configuration;
using Xunit;

namespace ServeFlow.Cli.Tests.Configuration;

/// <summary>Which value holds where several are given, and where it comes from.</summary>
public sealed class ConfigurationOriginTests : IDisposable
{
    readonly ConfigurationFile file = new("""
        bundle: /b
        capture:
          interfaces: [eth0, eth1]
          filter: not port 22
          workers: 2
          promiscuous: false
          buffer: 1024
        outputs:
          - {path: a.json, labels: [dns, "web, shop"], min-confidence: 0.5, events: [flow], max-record-rate: 9}
          - {format: csv, path: b.csv}
        records:
          queue: 4096
          csv-safe: true
          max-record-rate: 70
        """);

    public void Dispose() => file.Dispose();

    [Theory]
    [InlineData("capture.workers", "", "2 f:5")]
    [InlineData("capture.workers", "--workers 4", "4 --workers")]
    [InlineData("capture.snap-length", "", "262144 default")]
    [InlineData("capture.promiscuous", "", "false f:6")]
    [InlineData("capture.promiscuous", "-p", "false --no-promiscuous-mode")]
    [InlineData("capture.interfaces", "-i lo", "lo --interface")]
    [InlineData("capture.interfaces", "-r x", "default")]
    [InlineData("capture.read", "-r x", "x --read")]
    [InlineData("capture.buffer", "-r x", "65536 default")]
    [InlineData("bundle", "/c", "/c BUNDLE")]
    [InlineData("capture.filter", "/c tcp port 80", "tcp port 80 FILTER")]
    [InlineData("outputs", "--eve e.json", "{format: eve, path: e.json} --eve")]
    public void Effective_FileAndOptions_OptionHolds(string key, string options, string expected) =>
        Assert.Equal(expected, file.Show(key, options));

    [Theory]
    [InlineData("SERVEFLOW__CAPTURE__WORKERS", "3", "capture.workers", "3 SERVEFLOW__CAPTURE__WORKERS")]
    [InlineData("serveflow__capture__workers", "3", "capture.workers", "3 serveflow__capture__workers")]
    [InlineData("SERVEFLOW__CAPTURE__INTERFACES", "[lo, any]", "capture.interfaces",
        "lo any SERVEFLOW__CAPTURE__INTERFACES")]
    [InlineData("SERVEFLOW__CAPTURE__INTERFACES", "lo", "capture.interfaces", "lo SERVEFLOW__CAPTURE__INTERFACES")]
    [InlineData("SERVEFLOW__CAPTURE__INTERFACES__1", "lo", "capture.interfaces",
        "eth0 lo SERVEFLOW__CAPTURE__INTERFACES__1")]
    [InlineData("SERVEFLOW__CAPTURE__READ", "x.pcap", "capture.interfaces", "default")]
    [InlineData("SERVEFLOW__OUTPUTS", "[{path: z}]", "outputs", "{path: z} SERVEFLOW__OUTPUTS")]
    [InlineData("SERVEFLOW__OUTPUTS__1__PATH", "z.csv", "outputs",
        "{path: a.json, labels: [dns, \"web, shop\"], min-confidence: 0.5, events: [flow], max-record-rate: 9} "
        + "{format: csv, path: z.csv} SERVEFLOW__OUTPUTS__1__PATH")]
    public void Effective_FileAndVariable_VariableHolds(string name, string value, string key, string expected) =>
        Assert.Equal(expected, file.Show(key, "", (name, value)));

    [Fact]
    public void Effective_VariableAndOption_OptionHolds() => Assert.Equal("4 --workers",
        file.Show("capture.workers", "--workers 4", ("SERVEFLOW__CAPTURE__WORKERS", "3")));

    [Fact]
    public void Parse_OptionsOfServe_AreThoseOfTheFile()
    {
        var options = ServeCommand.ParseOptions(file.Read().Parse());

        Assert.Equal(("/b", "not port 22", 2, false, 1 << 20),
            (options.Bundle, options.Filter, options.Workers, options.Promiscuous, (int)options.RingBytes));
        Assert.Equal(["eth0", "eth1"], options.Interfaces);
        var outputs = options.Sinks.Outputs.ToList();
        Assert.Equal([("eve", "a.json", 9L), ("csv", "b.csv", 70L)],
            outputs.Select(output => (output.Format, output.Path, output.Limits.PerSecond!.Value)));
        Assert.Equal(["dns", "web, shop"], outputs[0].Labels);
        Assert.Equal((0.5, false, true), (outputs[0].MinConfidence, outputs[0].HasPredictions, outputs[0].HasFlows));
        Assert.True(options.Sinks.HasSafeCells);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-r x --workers 1")]
    public void Dump_ReadAsAConfiguration_GivesTheSameValues(string options)
    {
        var dump = ConfigurationDump.Format(file.Read(options).Effective());
        using var copy = new ConfigurationFile(dump);

        var again = copy.Read();
        Assert.Empty(again.Errors);
        Assert.Equal(file.Read(options).Effective().Select(value => (value.Row.Key, string.Join(' ', value.Words))),
            again.Effective().Select(value => (value.Row.Key, string.Join(' ', value.Words))));
    }
}
