namespace ServeFlow.Sinks.Formats;

/// <summary>Names the kind of value that a column of a flat record holds.</summary>
public enum FieldKind : byte
{
    /// <summary>Text that differs from flow to flow.</summary>
    Text,

    /// <summary>Text out of few words: worth a dictionary.</summary>
    Word,

    Integer,
    Real,

    /// <summary>A moment, nanoseconds since the Unix epoch.</summary>
    Time,
}

/// <summary>Holds one value of a flat record, or none. Text is borrowed until the next value is read.</summary>
public readonly ref struct FieldValue
{
    FieldValue(FieldKind kind, long integer, double real, ReadOnlySpan<byte> text)
    {
        Kind = kind;
        Integer = integer;
        Real = real;
        Text = text;
        HasValue = true;
    }

    public static FieldValue None => default;

    public bool HasValue { get; }

    public FieldKind Kind { get; }

    /// <summary>Gets the integer, or the nanoseconds of a time.</summary>
    public long Integer { get; }

    public double Real { get; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public static FieldValue FromInteger(long value) => new(FieldKind.Integer, value, 0, default);

    public static FieldValue FromReal(double value) => new(FieldKind.Real, 0, value, default);

    public static FieldValue FromTime(long ns) => new(FieldKind.Time, ns, 0, default);

    public static FieldValue FromText(ReadOnlySpan<byte> text) => new(FieldKind.Text, 0, 0, text);
}
