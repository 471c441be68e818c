using System.Buffers;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Writes records as JSON Lines: EVE, with the record's id.</summary>
public sealed class JsonLines : IRecordFraming
{
    public void Write(SpooledRecord record, IBufferWriter<byte> output)
    {
        RecordId.WriteLine(record, output);
        output.Write("\n"u8);
    }
}
