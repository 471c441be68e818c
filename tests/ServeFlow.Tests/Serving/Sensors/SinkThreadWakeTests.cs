using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

public sealed class SinkThreadWakeTests
{
    const int Records = 2000;

    /// <summary>The worker gives way to a thread that takes nothing, but never waits for it.</summary>
    [Fact]
    public void Wake_SinkIsStuck_WorkerGoesOnAndEveryRecordIsWritten()
    {
        using var gate = new ManualResetEventSlim();
        var queue = new QueuedSink(2 * Records, lossless: false, wantsPredictions: true);
        var thread = new SinkThread(new("gated", new GatedSink(gate)), [queue], _ => { }, isWoken: true);
        thread.Start();

        for (var i = 0; i < Records; i++)
        {
            queue.Write(new() { Kind = RecordKind.Prediction });
            thread.Wake(0);
        }

        gate.Set();
        thread.Finish(Timeout.InfiniteTimeSpan);
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal((Records, 0), (thread.Statistics.Written, thread.Statistics.Lost));
    }

    /// <summary>Takes its first record when it is let go.</summary>
    sealed class GatedSink(ManualResetEventSlim gate) : IRecordSink
    {
        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record) => gate.Wait(CancellationToken.None);

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
