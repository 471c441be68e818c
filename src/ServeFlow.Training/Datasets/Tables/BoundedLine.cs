using System.Text;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>Reads lines of a text that may be no text.</summary>
static class BoundedLine
{
    /// <summary>Exceeds any event that a sensor writes, packets and payloads included.</summary>
    const int MaxLength = 1 << 24;

    /// <summary>
    /// Reads a line without its end; null at the end of the text. A longer one than any record is cut, and its rest is
    /// the next line.
    /// </summary>
    public static string? Read(TextReader text)
    {
        var line = new StringBuilder();
        int c;
        while ((c = text.Read()) >= 0 && c != '\n' && line.Length < MaxLength)
        {
            line.Append((char)c);
        }

        if (c < 0 && line.Length == 0)
        {
            return null;
        }

        return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
    }
}
