namespace ServeFlow.Sinks.Formats;

/// <summary>Describes one column of flat records: a name, a kind, and how to read it from a record.</summary>
/// <param name="name">As the header line has it.</param>
/// <param name="kind">The kind of every value that is there.</param>
/// <param name="read">Reads the value of one ended flow.</param>
public sealed class FlowColumn(string name, FieldKind kind, FlowColumn.Reader read)
{
    /// <param name="scratch">Room for text that is made for this value: <see cref="ScratchLength"/> bytes.</param>
    public delegate FieldValue Reader(in FlowRecord record, RecordContext context, Span<byte> scratch);

    public const int ScratchLength = FieldText.MaxLength;

    public string Name { get; } = name;

    public FieldKind Kind { get; } = kind;

    public Reader Read { get; } = read;
}
