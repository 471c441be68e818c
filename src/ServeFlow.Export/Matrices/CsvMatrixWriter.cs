using System.Buffers.Text;
using System.Buffers;
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

    /// <summary>The longest value: a time of 2³² µs.</summary>
    const int MaxValueLength = 11;

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
            AppendValue((long)value);
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

    void AppendValue(long value)
    {
        var space = buffer.GetSpan(1 + MaxValueLength);
        space[0] = (byte)',';
        Utf8Formatter.TryFormat(value, space[1..], out var length);
        buffer.Advance(1 + length);
    }
}
