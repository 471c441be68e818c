using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class SynchronizedSinkTests
{
    [Fact]
    public void Dispose_AfterAFailure_WritesNoRecordAgain()
    {
        var shared = new SinkThatFails(at: 3);
        var sink = new SynchronizedSink(shared, new());
        for (var i = 0; i < 5; i++)
        {
            sink.Write(default);
        }

        Assert.Throws<IOException>(sink.Flush);
        sink.Dispose();

        Assert.Equal(3, shared.Writes);
    }

    sealed class SinkThatFails(int at) : IRecordSink
    {
        public int Writes { get; private set; }

        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record)
        {
            if (++Writes == at)
            {
                throw new IOException("no room");
            }
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
