using System.Buffers;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Writes spooled records as a stream of bytes has them.</summary>
public interface IRecordFraming
{
    /// <summary>Writes what a connection begins with.</summary>
    void Begin(IBufferWriter<byte> output)
    {
    }

    /// <summary>Writes one record.</summary>
    void Write(SpooledRecord record, IBufferWriter<byte> output);

    /// <summary>Writes what was kept of the records of a batch.</summary>
    void End(IBufferWriter<byte> output)
    {
    }
}
