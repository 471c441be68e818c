using System.Text;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Comma-separated records as RFC 4180 has them: fields may be quoted, quotes doubled, quoted fields may hold commas
/// and line ends. Blank lines are skipped. Knows the line each record began on.
/// </summary>
sealed class CsvReader(TextReader text, string path)
{
    readonly StringBuilder field = new();
    int nextLine = 1;

    /// <summary>Line on which the record that was read last began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Replaces <paramref name="fields"/> by the next record's; false at the end.</summary>
    public bool TryRead(List<string> fields)
    {
        fields.Clear();
        while (text.Peek() >= 0)
        {
            Line = nextLine;
            ReadRecord(fields);
            if (fields.Count > 1 || fields[0].Length > 0)
            {
                return true;
            }

            fields.Clear();
        }

        return false;
    }

    void ReadRecord(List<string> fields)
    {
        while (true)
        {
            field.Clear();
            var end = text.Peek() == '"' ? ReadQuoted() : ReadPlain();
            fields.Add(field.ToString());
            if (end != ',')
            {
                return;
            }
        }
    }

    /// <summary>Reads up to the field's end and returns what ended it: a comma, a line feed or −1.</summary>
    int ReadPlain()
    {
        while (true)
        {
            var c = Next();
            if (c is ',' or '\n' or -1)
            {
                return c;
            }

            if (c != '\r')
            {
                field.Append((char)c);
            }
        }
    }

    int ReadQuoted()
    {
        Next();
        while (true)
        {
            var c = Next();
            if (c == -1)
            {
                throw new InputException($"{path}:{Line}: a quoted field is not closed; add the missing '\"'");
            }

            if (c == '"' && text.Peek() != '"')
            {
                return ReadPlain();
            }

            if (c == '"')
            {
                Next();
            }

            field.Append((char)c);
        }
    }

    int Next()
    {
        var c = text.Read();
        if (c == '\n')
        {
            nextLine++;
        }

        return c;
    }
}
