using System.Text.Json;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary>Holds what a line says of its record.</summary>
/// <param name="Number">The second part of its id.</param>
/// <param name="Run">The run that saw its flow.</param>
/// <param name="Flow">Its flow among those of the run, from 0.</param>
readonly record struct ReceivedRecord(long Number, int Run, int Flow, bool IsPrediction)
{
    /// <summary>Reads a line of a sensor.</summary>
    /// <exception cref="JsonException">It is not whole.</exception>
    public static ReceivedRecord Parse(ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        var record = json.RootElement;
        var source = record.GetProperty("src_ip").GetString()!.Split('.');
        return new(long.Parse(record.GetProperty("record_id").GetString()!.AsSpan(17)),
            (int.Parse(source[2]) * 256) + int.Parse(source[3]),
            record.GetProperty("src_port").GetInt32() - RecordReceiver.FirstPort,
            record.GetProperty("event_type").GetString() == "prediction");
    }
}
