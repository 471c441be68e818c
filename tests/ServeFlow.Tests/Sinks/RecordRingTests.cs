using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class RecordRingTests
{
    [Fact]
    public void TryAdd_Full_IsRefusedUntilAPlaceIsReleased()
    {
        var ring = new RecordRing(5);

        for (var i = 0; i < 8; i++)
        {
            Assert.True(ring.TryAdd(Record(i)));
        }

        Assert.False(ring.TryAdd(Record(8)));
        Assert.Equal(3, ring.Peek(3).Length);
        ring.Release(3);
        Assert.True(ring.TryAdd(Record(8)));
        Assert.Equal(6, ring.Count);
    }

    [Fact]
    public void Peek_AcrossTheEnd_GivesThePartsInOrder()
    {
        var ring = new RecordRing(4);
        for (var i = 0; i < 3; i++)
        {
            ring.TryAdd(Record(i));
        }

        ring.Release(3);
        for (var i = 3; i < 6; i++)
        {
            ring.TryAdd(Record(i));
        }

        Assert.Equal([3], Numbers(ring));
        Assert.Equal([4, 5], Numbers(ring));
        Assert.Empty(Numbers(ring));
    }

    [Fact]
    public async Task TwoThreads_EveryRecordComesOnceAndInOrder()
    {
        const int count = 20_000;
        var ring = new RecordRing(512);
        var producer = Task.Run(() =>
        {
            var wait = new SpinWait();
            for (var i = 0; i < count; i++)
            {
                while (!ring.TryAdd(Record(i)))
                {
                    wait.SpinOnce(sleep1Threshold: -1);
                }
            }
        }, TestContext.Current.CancellationToken);
        var next = 0L;
        var pause = new SpinWait();
        while (next < count)
        {
            var numbers = ring.Peek(170);
            foreach (ref readonly var record in numbers)
            {
                Assert.Equal((next, next), (record.PacketNumber, record.TimestampNs));
                next++;
            }

            ring.Release(numbers.Length);
            pause.SpinOnce(sleep1Threshold: -1);
        }

        await producer;
    }

    [Fact]
    public void QueuedSink_Full_CountsWhatItLostByKind()
    {
        using var sink = new QueuedSink(2, lossless: false, wantsPredictions: true);
        foreach (var kind in new[] { RecordKind.Prediction, RecordKind.End, RecordKind.Prediction, RecordKind.End,
            RecordKind.End })
        {
            sink.Write(new FlowRecord { Kind = kind });
        }

        Assert.Equal((2, 1, 2), (sink.Accepted, sink.LostPredictions, sink.LostEnds));
    }

    [Fact]
    public void QueuedSink_ThatWantsEndsAlone_LeavesPredictionsOut()
    {
        using var sink = new QueuedSink(2, lossless: false, wantsPredictions: false);
        sink.Write(new FlowRecord { Kind = RecordKind.Prediction });

        Assert.Equal((0, 0, 0), (sink.Accepted, sink.LostPredictions, sink.Count));
    }

    static FlowRecord Record(long number) => new() { PacketNumber = number, TimestampNs = number };

    static long[] Numbers(RecordRing ring)
    {
        var records = ring.Peek(10).ToArray();
        ring.Release(records.Length);
        return [.. records.Select(record => record.PacketNumber)];
    }
}
