using ServeFlow.Cascade;

namespace ServeFlow.Sinks.Formats;

/// <summary>Provides the text formats of records; users choose by these names.</summary>
public static class RecordFormat
{
    public const string Eve = "eve";
    public const string Csv = "csv";
    public const string Zeek = "zeek";

    /// <summary>Columnar: written by ServeFlow.Export, not here.</summary>
    public const string Parquet = "parquet";

    public static IReadOnlyList<string> Names { get; } = [Eve, Csv, Zeek, Parquet];

    /// <summary>Returns a sink that writes <paramref name="format"/> to a stream, which stays open.</summary>
    public static IRecordSink CreateSink(string format, Stream stream, CascadePlan plan, SinkOptions options) =>
        format switch
        {
            Eve => new EveSink(stream, plan, options),
            Csv => new CsvSink(stream, plan, options),
            Zeek => new ZeekSink(stream, plan, options),
            _ => throw new ArgumentException($"no text format {format}", nameof(format)),
        };
}
