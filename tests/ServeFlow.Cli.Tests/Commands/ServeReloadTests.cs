using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>A sensor that runs from a configuration, which changes under it.</summary>
public sealed class ServeReloadTests : IDisposable
{
    const long Start = 1_700_000_000_000_000_000;
    const int HeaderBytes = 24;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-reload-").FullName;

    public ServeReloadTests()
    {
        SmallBundle.Write(At("bundle"));
        File.WriteAllBytes(At("first"), Capture(0));
        File.WriteAllBytes(At("second"), Capture(10)[HeaderBytes..]);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Hangup_OtherLabels_HoldForTheRecordsThatFollow()
    {
        var (code, said) = Run("events: [prediction]", "events: [prediction], labels: [plug]");

        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Contains("configuration read again: outputs changed", said);
        Assert.Contains("eve: 15 records written, none lost, ", said);
        Assert.Equal(15, File.ReadLines(At("eve.json")).Count());
    }

    [Fact]
    public void Hangup_WhatCannotChange_IsNamed()
    {
        var (code, said) = Run("queue: 1024", "queue: 2048");

        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Contains("configuration read again: nothing changed", said);
        Assert.Contains("records.queue: cannot change while the sensor runs: restart it for that", said);
        Assert.Equal(20, File.ReadLines(At("eve.json")).Count());
    }

    [Theory]
    [InlineData("queue: 1024", "queue: none", "c.yaml:3: records.queue 'none': give a whole number")]
    [InlineData("events: [prediction]", "labels: [plugs]", "the bundle has no label 'plugs'; it has camera, plug")]
    [InlineData("bundle: bundle", "bundel: bundle", "c.yaml:1: bundel: is no setting; did you mean 'bundle'?")]
    public void Hangup_WrongConfiguration_IsSaidAndNothingChanges(string old, string by, string expected)
    {
        var (code, said) = Run(old, by);

        Assert.Equal(CommandRunner.Succeeded, code);
        Assert.Contains(expected, said);
        Assert.Contains("none of ", said);
        Assert.Equal(20, File.ReadLines(At("eve.json")).Count());
    }

    /// <summary>Serves ten flows, edits the configuration, sends SIGHUP, and serves ten more.</summary>
    (int Code, string Said) Run(string old, string by)
    {
        File.WriteAllText(At("c.yaml"), """
            bundle: bundle
            capture: {read: '-', speed: max}
            records: {queue: 1024}
            outputs:
              - {format: eve, path: eve.json, events: [prediction]}
            """);
        File.WriteAllText(At("d.yaml"), File.ReadAllText(At("c.yaml")).Replace(old, by, StringComparison.Ordinal));
        var (code, _, said) = ProgramProcess.Run(folder, """
            mkfifo pipe
            "$serveflow" serve -c c.yaml < pipe 2> said & pid=$!
            exec 3> pipe
            cat first >&3
            until [ "$(grep -c . eve.json)" = 10 ]; do sleep 0.05; done
            mv d.yaml c.yaml
            kill -HUP $pid
            until grep -q 'none of\|read again' said; do sleep 0.05; done
            cat second >&3
            exec 3>&-
            wait $pid; code=$?
            cat said >&2
            exit $code
            """);
        return (code, said);
    }

    static byte[] Capture(int from)
    {
        var capture = new CaptureBuilder(101);
        for (var i = from; i < from + 10; i++)
        {
            capture.Add(Start + (i * 1_000_000L), Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        return capture.ToArray();
    }

    string At(string name) => Path.Combine(folder, name);
}
