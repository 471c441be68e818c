using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Sources;

/// <summary>
/// A source that may make its reader wait: the records of what has come are handed on before that, so that whoever
/// reads them does not wait too.
/// </summary>
sealed class FlushedSource(IPacketSource source, IRecordSink records) : IPacketSource
{
    public bool HasBacklog => source.HasBacklog;

    public double Pressure => source.Pressure;

    public bool Poll(PacketBurst burst)
    {
        if (!source.HasBacklog)
        {
            records.Flush();
        }

        return source.Poll(burst);
    }

    public void Dispose() => source.Dispose();
}
