using System.Text;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Files;

public sealed class LogFileSinkTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-log-").FullName;

    string Log => Path.Combine(folder, "log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(RecordFormat.Eve, 0)]
    [InlineData(RecordFormat.Csv, 1)]
    [InlineData(RecordFormat.Zeek, 8)]
    public void Reopen_FileWasMoved_GoesOnInANewOneWithItsHeader(string format, int headerLines)
    {
        using var sink = Open(format);
        SampleRecords.Write(sink);
        sink.Flush();
        var records = File.ReadLines(Log).Count() - headerLines;
        File.Move(Log, Log + ".1");

        sink.Reopen();
        SampleRecords.Write(sink);
        sink.Flush();

        Assert.Equal(records + headerLines, File.ReadLines(Log).Count());
        Assert.Equal(File.ReadLines(Log).First(), File.ReadLines(Log + ".1").First());
    }

    [Fact]
    public void Reopen_AgainBeforeTheNextFileCanBeMade_LosesNothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        File.CreateSymbolicLink(Log, "/dev/full");
        var sink = Open(RecordFormat.Eve);
        Assert.Throws<IOException>(() => SampleRecords.Write(sink));
        File.Delete(Log);
        Directory.CreateDirectory(Log);
        Assert.Throws<UnauthorizedAccessException>(sink.Reopen);
        Assert.Throws<UnauthorizedAccessException>(sink.Reopen);
        Directory.Delete(Log);

        sink.Reopen();
        sink.Dispose();

        var written = File.ReadAllText(Log);
        File.Delete(Log);
        using var other = Open(RecordFormat.Eve);
        SampleRecords.Write(other);
        other.Flush();
        Assert.Equal(File.ReadAllText(Log), written);
    }

    [Fact]
    public void Open_CsvThatIsThere_GoesOnWithoutAnotherHeader()
    {
        for (var run = 0; run < 2; run++)
        {
            using var sink = Open(RecordFormat.Csv);
            SampleRecords.Write(sink);
        }

        Assert.Equal(1, File.ReadLines(Log).Count(line => line.StartsWith("timestamp,", StringComparison.Ordinal)));
        Assert.Equal(17, File.ReadLines(Log).Count());
    }

    [Fact]
    public void Open_LineThatWasHalfWritten_IsTakenAway()
    {
        File.WriteAllText(Log, "{\"whole\":1}\n{\"half\":");

        using (var sink = Open(RecordFormat.Eve))
        {
            SampleRecords.Write(sink);
        }

        var lines = File.ReadAllLines(Log);
        Assert.Equal("{\"whole\":1}", lines[0]);
        Assert.StartsWith("{\"timestamp\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileWithoutALineEnd_IsLeftAlone()
    {
        File.WriteAllText(Log, "no log of ours");

        Open(RecordFormat.Eve).Dispose();

        Assert.Equal("no log of ours", File.ReadAllText(Log));
    }

    [Fact]
    public void Write_ReaderOfThePipeIsGone_SaysSo()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In);
        using var stream = AppendStream.Open($"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}");
        pipe.DisposeLocalCopyOfClientHandle();
        pipe.Dispose();

        Assert.True(BrokenPipe.Is(Assert.Throws<IOException>(() => stream.Write(Encoding.UTF8.GetBytes("x\n")))));
    }

    LogFileSink Open(string format) => new(Log, (stream, isNew) =>
        RecordFormat.CreateSink(format, stream, SampleRecords.Plan, new() { HasHeader = isNew }));
}
