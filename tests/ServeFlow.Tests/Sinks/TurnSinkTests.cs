using ServeFlow.Sinks;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class TurnSinkTests : IDisposable
{
    /// <summary>More than fit in the memory that a capture may take before its turn.</summary>
    const int Many = 100_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-turn-").FullName;
    readonly RecordLog log = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(Many)]
    public void Write_TurnComesInBetween_PassesAllOnInOrder(int before)
    {
        using var sink = new TurnSink(log, folder);
        Write(sink, 0, before);
        Assert.Empty(log.Records);
        Assert.InRange(sink.InMemory, 0, 70_000);
        Assert.Empty(Directory.GetFiles(folder));

        sink.TakeTurn();
        Write(sink, before, before + 10);
        sink.Flush();

        Assert.Equal(Enumerable.Range(0, before + 10).Select(i => (long)i), log.Records.Select(r => r.TimestampNs));
        Assert.Equal(0, sink.InMemory);
    }

    [Fact]
    public void Flush_TurnComesAfterTheLastRecord_PassesAllOn()
    {
        using var sink = new TurnSink(log, folder);
        Write(sink, 0, Many);
        sink.Flush();
        Assert.Empty(log.Records);

        sink.TakeTurn();
        sink.Flush();

        Assert.Equal(Many, log.Records.Count);
    }

    [Fact]
    public async Task Write_NoFileCanBeMade_WaitsForItsTurn()
    {
        using var sink = new TurnSink(log, Path.Combine(folder, "none"));
        var work = Task.Run(() => Write(sink, 0, Many), TestContext.Current.CancellationToken);

        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.False(work.IsCompleted);
        sink.TakeTurn();
        await work;
        sink.Flush();

        Assert.Equal(Many, log.Records.Count);
        Assert.Equal(Many - 1, log.Records[^1].TimestampNs);
    }

    [Fact]
    public async Task Abandon_WorkerThatWaits_GoesOnAndNothingIsPassedOn()
    {
        using var sink = new TurnSink(log, Path.Combine(folder, "none"));
        var work = Task.Run(() => Write(sink, 0, Many), TestContext.Current.CancellationToken);

        sink.Abandon();
        await work;

        Assert.Empty(log.Records);
    }

    static void Write(TurnSink sink, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            sink.Write(new() { Kind = RecordKind.End, TimestampNs = i });
        }
    }
}
