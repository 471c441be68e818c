using System.Text.Json;
using ServeFlow.Cli.Commands.Logs;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands.Logs;

/// <summary>The stream of messages of a sensor: levels, formats, and what a log is spared.</summary>
public sealed class MessageLogTests : IDisposable
{
    static readonly DateTime Time = new(2026, 3, 1, 9, 12, 44, 102, DateTimeKind.Utc);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-log-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Text", "Warning", "2026-03-01T09:12:44.102Z warning serveflow: it's \"so\"")]
    [InlineData("Json", "Error",
        """{"timestamp":"2026-03-01T09:12:44.102Z","level":"error","message":"it\u0027s \u0022so\u0022"}""")]
    [InlineData("Journal", "Error", "<3>it's \"so\"")]
    [InlineData("Journal", "Warning", "<4>it's \"so\"")]
    [InlineData("Journal", "Info", "<6>it's \"so\"")]
    public void Format_EachForm_HasLevelAndMessage(string format, string level, string expected) =>
        Assert.Equal(expected, new MessageLog(TextWriter.Null, Enum.Parse<LogFormat>(format), LogLevel.Info)
            .Format(Enum.Parse<LogLevel>(level), "it's \"so\"", Time));

    [Fact]
    public void Write_LevelThatChanges_HoldsForTheMessagesThatFollow()
    {
        var output = new StringWriter();
        var log = new MessageLog(output, LogFormat.Journal, LogLevel.Warning);
        log.Write(LogLevel.Info, "one", DateTime.UtcNow);
        log.Write(LogLevel.Error, "two\nlines", DateTime.UtcNow);
        log.Use(LogLevel.Info);
        log.Write(LogLevel.Info, "three", DateTime.UtcNow);

        Assert.Equal(["<3>two\\x0alines", "<6>three", ""], output.ToString().Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("8:123", "socket:[123]", true)]
    [InlineData("8:124", "socket:[123]", false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData("8:123", "pipe:[123]", false)]
    [InlineData("8:123", null, false)]
    [InlineData(null, "socket:[123]", false)]
    public void Is_VariableAndDescriptor_MustAgree(string? named, string? target, bool expected) =>
        Assert.Equal(expected, JournalStream.Is(named, target));

    [Fact]
    public void Serve_JsonFormat_EveryLineIsAnObject()
    {
        Prepare();
        var (code, _, said) = ProgramProcess.Run(folder,
            "$serveflow serve b -r x.pcap --speed 1 --eve e --log-format json");

        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.All(lines, line => Assert.Equal("info",
            JsonDocument.Parse(line).RootElement.GetProperty("level").GetString()));
        Assert.Contains(lines, line => line.Contains("1 packets captured", StringComparison.Ordinal));
    }

    [Fact]
    public void Serve_StartThatFails_IsAMessageOfTheFormat()
    {
        var (code, _, said) = ProgramProcess.Run(folder, "$serveflow serve none -r x.pcap --log-format json");

        Assert.Equal(1, code);
        Assert.Equal("error", JsonDocument.Parse(said).RootElement.GetProperty("level").GetString());
    }

    [Fact]
    public void Serve_LogLevelError_SaysNothingOfARunThatGoesWell()
    {
        Prepare();
        var (code, _, said) = ProgramProcess.Run(folder,
            "$serveflow serve b -r x.pcap --speed 1 --eve e --log-level error --log-format journal");

        Assert.Equal((0, ""), (code, said));
    }

    void Prepare()
    {
        SmallBundle.Write(Path.Combine(folder, "b"));
        File.WriteAllBytes(Path.Combine(folder, "x.pcap"), new CaptureBuilder(101)
            .Add(1_700_000_000_000_000_000, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000, 53, []))).ToArray());
    }
}
