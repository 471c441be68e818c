using System.Text;
using ServeFlow.Cli.Commands.Serving;
using Xunit;

namespace ServeFlow.Cli.Tests.Configuration;

/// <summary>What a wrong configuration is answered: everything at once, each with its line and a remedy.</summary>
public sealed class ConfigurationErrorTests
{
    const string Good = "bundle: b\ncapture: {interfaces: [lo]}\n";

    [Fact]
    public void Read_ByteOrderMark_IsPassedOver() => Assert.Empty(ConfigurationFile.FindErrors($"\ufeff{Good}"));

    [Fact]
    public void Read_ManyErrors_AreListedAllWithTheirLines() => Assert.Equal(
        [
            "f:3: capture.interfacse: is no setting; did you mean 'capture.interfaces'?",
            "f:4: capture.snap-length 'many': give a whole number from 1 to 262144",
            "f:5: capture.promiscuous 'maybe': give true or false",
            "f:7: flows.tcp-idle-timeout '-1': give a number from 0.001 to 31622400",
            "f:8: flows.memory '3 parsecs': give a size in bytes, or with a unit, such as 512MiB or 2GiB",
            "f:9: queue: is no setting; did you mean 'records.queue'?",
            "f:11: outputs[0].format 'evee': give 'eve' or 'csv' or 'zeek' or 'parquet' or 'socket' or 'syslog' or "
                + "'kafka' or 'ipfix'",
            "f:14: outputs[1].min-confidence '2': give a number from 0 to 1",
            "f:15: outputs[1].lables: is no setting; did you mean 'labels'?",
            "f:16: outputs[2].path: is missing: give a file, a directory of Parquet files, '-' for standard output, or "
                + "a receiver's address",
            "f:17: stop-timeout: is a single value: give one, not several",
            "f:18: stop-timeout: stands here twice, first in line 17: leave one out",
        ],
        ConfigurationFile.FindErrors("""
            bundle: b
            capture:
              interfacse: [eth0]
              snap-length: many
              promiscuous: maybe
            flows:
              tcp-idle-timeout: -1
              memory: 3 parsecs
            queue: 5
            outputs:
              - format: evee
                path: a.json
              - path: b.csv
                min-confidence: 2
                lables: [a]
              - format: csv
            stop-timeout: [1, 2]
            stop-timeout: 4
            """));

    [Theory]
    [InlineData("", "f:1: no bundle to answer with")]
    [InlineData("bundle: b", "f:1: nowhere to take packets from")]
    [InlineData("- a", "f:1: is no mapping")]
    [InlineData("hello", "f:1: is no mapping")]
    [InlineData("bundle: [", "f:2: is no YAML")]
    [InlineData("bundle: 'x", "is no YAML")]
    [InlineData("bundle:\n\tx: 1", "is no YAML")]
    [InlineData("bundle: b\ncapture:\n\tinterfaces: [lo]", "f:3: is no YAML")]
    [InlineData(Good + "x: 1", "f:3: x: is no setting; there are bundle, model, stop-timeout, user, models")]
    [InlineData(Good + "flow: {dedup: true}", "f:3: flow: is no setting; did you mean 'flows'?")]
    [InlineData(Good + "flows: 3", "f:3: flows: is a section: give settings under it, such as tcp-idle-timeout")]
    [InlineData(Good + "flows: [a]", "f:3: flows: is a section")]
    [InlineData(Good + "flows: {dedup: {a: b}}", "f:3: flows.dedup: is a single value")]
    [InlineData(Good + "flows: {dedup: ''}", "f:3: flows.dedup: is empty")]
    [InlineData(Good + "dump: {flows: {a: b}}", "f:3: dump.flows: is a list of words")]
    [InlineData(Good + "outputs: eve.json", "f:3: outputs: is a list: begin each item with a dash")]
    [InlineData(Good + "outputs: [eve.json]", "f:3: outputs[0]: has no settings: give format, path")]
    [InlineData(Good + "outputs:\n  - path: e\n    events: [flows]", "f:5: outputs[0].events 'flows': give")]
    [InlineData(Good + "dump: {to: d}", "f:3: dump.to: says how the packets of chosen flows are kept")]
    [InlineData(Good + "records: {csv-safe: true}", "f:3: records.csv-safe: is about CSV")]
    [InlineData("bundle: b\ncapture: {interfaces: [lo], speed: 3}", "f:2: capture.speed: is about replays")]
    [InlineData("bundle: b\ncapture: {interfaces: [lo], read: x}", "packets come from interfaces or from captures")]
    [InlineData("bundle: b\ncapture: {interfaces: [lo, lo]}", "-i lo: is given twice")]
    [InlineData("bundle: &a b\ncapture: {interfaces: [lo]}", "f:1: &a is an anchor")]
    [InlineData("bundle: b\ncapture: {interfaces: [lo]}\n---\nx: 1", "f:3: a second document begins")]
    [InlineData(Good + "? [a]\n: b", "f:3: a key is no word")]
    public void Read_OneError_IsOneLineWithPlaceAndRemedy(string text, string expected) =>
        Assert.Contains(ConfigurationFile.FindErrors(text), error => error.Contains(expected,
            StringComparison.Ordinal));

    [Theory]
    [InlineData("SERVEFLOW__CAPTURE__SNAP_LENGTH", "x", "SERVEFLOW__CAPTURE__SNAP_LENGTH: capture.snap-length 'x'")]
    [InlineData("SERVEFLOW__CAPTURE__WORKER", "2", "capture.worker: is no setting; did you mean 'capture.workers'?")]
    [InlineData("SERVEFLOW__OUTPUTS", "[{path: a, formt: eve}]", "outputs[0].formt: is no setting; did you mean 'form")]
    [InlineData("SERVEFLOW__OUTPUTS", "[{path", "SERVEFLOW__OUTPUTS: is no YAML")]
    public void Read_WrongVariable_IsNamed(string name, string value, string expected) =>
        Assert.Contains(expected, Assert.Single(ConfigurationFile.FindErrors(Good, (name, value))));

    [Fact]
    public void Read_AnyText_NeverFailsOtherwise()
    {
        string[] words = ["bundle", "capture", "interfaces", "outputs", "- ", ": ", "\n", "  ", "[", "]", "{", "}",
            "eve", "&a", "*a", "'", "\"", "#", "|", ">", "!", "null", "~", "\t", "0", "labels", ",", "%", "@", "é"];
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(random.GetItems(words, random.Next(40)));
            Assert.All(ConfigurationFile.FindErrors(text), error => Assert.Contains(": ", error));
        }
    }

    [Fact]
    public void Check_PlacesOfOutputs_AreListedAllWithTheirLines()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-outputs-").FullName;
        using var file = new ConfigurationFile($$"""
            bundle: b
            capture: {interfaces: [lo]}
            outputs:
              - {path: {{folder}}}
              - {path: a.json}
              - {format: syslog, path: "host:99"}
              - format: parquet
                path: flows
              - {path: a.json.gz}
            """);

        var errors = new ServeConfigurationCheck(file.Read()).FindErrors()
            .Select(error => $"{error}"[file.Path.Length..]);

        Assert.Equal(
            [
                $":4: outputs[0]: eve {folder}: is a directory; give the name of a file",
                ":6: outputs[2]: syslog 'host:99': syslog is delivered over a network: give tcp:HOST:PORT or "
                    + "tls:HOST:PORT",
                ":7: outputs[3]: parquet flows: says neither a file nor a directory: give FILE.parquet, or flows/ for "
                    + "a directory of files",
                ":9: outputs[4]: eve a.json.gz: is written without compression; leave .gz out, and compress the file "
                    + "afterwards",
            ],
            errors);
        Directory.Delete(folder);
    }

    [Fact]
    public void Read_FileThatIsNoText_IsSaidInOneLine()
    {
        using var file = new ConfigurationFile("");
        File.WriteAllBytes(file.Path, [0xff, 0xfe, 0x00]);

        Assert.Contains("is not UTF-8 text", Assert.Throws<InputException>(() => file.Read()).Message);
        File.WriteAllText(file.Path, Good + "\0workers: 3\n", Encoding.UTF8);
        Assert.Contains(":3: has a byte of zero", Assert.Throws<InputException>(() => file.Read()).Message);
        File.WriteAllText(file.Path, new string('#', 1 << 21), Encoding.ASCII);
        Assert.Contains("larger than 1 MiB", Assert.Throws<InputException>(() => file.Read()).Message);
        File.Delete(file.Path);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => file.Read()).Message);
    }
}
