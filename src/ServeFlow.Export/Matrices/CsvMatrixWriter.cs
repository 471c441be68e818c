using System.Buffers.Text;
using System.Buffers;
using System.Globalization;
using System.Text;
using ServeFlow.Features.Matrices;

namespace ServeFlow.Export.Matrices;

/// <summary>
/// A feature matrix as CSV: <c>pcap,src,sport,dst,dport,proto,first_ts[,window][,label]</c>, spelled as in a labels
/// file, then a column per feature.
/// </summary>
public sealed class CsvMatrixWriter : IMatrixWriter
{
    const int FlushBytes = 1 << 16;

    /// <summary>Holds any value: a 64-bit number has at most 20 characters, a fraction as a float at most 15.</summary>
    const int MaxValueLength = 20;

    const long NanosecondsPerSecond = 1_000_000_000;

    readonly Stream output;
    readonly bool hasLabels;
    readonly bool hasWindows;
    readonly bool hasSafeCells;
    readonly ArrayBufferWriter<byte> buffer = new(2 * FlushBytes);

    /// <param name="hasSafeCells">Whether names that a spreadsheet would run as a formula are neutralised.</param>
    public CsvMatrixWriter(Stream output, MatrixLayout layout, bool hasSafeCells = false)
    {
        this.output = output;
        this.hasSafeCells = hasSafeCells;
        (hasLabels, hasWindows) = (layout.HasLabels, layout.HasWindows);
        Append("pcap,src,sport,dst,dport,proto,first_ts");
        Append(hasWindows ? ",window" : "");
        Append(hasLabels ? ",label" : "");
        foreach (var name in layout.Names)
        {
            Append("," + name);
        }

        Append("\n");
    }

    public void Write(in MatrixRow flow, ReadOnlySpan<float> values)
    {
        var (seconds, fraction) = Math.DivRem(flow.FirstNs, NanosecondsPerSecond);
        Append($"{CsvCell.Format(flow.Capture, hasSafeCells)},{flow.Source},{flow.SourcePort},"
            + $"{flow.Destination},{flow.DestinationPort},{flow.ProtocolText},{seconds}.{fraction:D9}");
        Append(hasWindows ? $",{flow.Window}" : "");
        Append(hasLabels ? "," + CsvCell.Format(flow.Label ?? "", hasSafeCells) : "");
        foreach (var value in values)
        {
            AppendValue(value);
        }

        Append("\n");
        if (buffer.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    public void Complete()
    {
        Flush();
        output.Flush();
    }

    public void Dispose() => output.Dispose();

    void Flush()
    {
        output.Write(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    void Append(string text) => buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(3 * text.Length)));

    /// <summary>Appends a value: a whole number without a point, any other in as many digits as tell it from its
    /// neighbours, so that a reader has what a model sees.</summary>
    void AppendValue(float value)
    {
        var space = buffer.GetSpan(1 + MaxValueLength);
        space[0] = (byte)',';
        if (value == MathF.Truncate(value))
        {
            Utf8Formatter.TryFormat((long)value, space[1..], out var length);
            buffer.Advance(1 + length);
        }
        else
        {
            value.TryFormat(space[1..], out var length, default, CultureInfo.InvariantCulture);
            buffer.Advance(1 + length);
        }
    }
}
