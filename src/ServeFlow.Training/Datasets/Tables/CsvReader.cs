using System.Text;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads separated records as RFC 4180 has them: fields may be quoted, quotes doubled, quoted fields may hold
/// separators and line ends. Blank lines are skipped. Knows the line each record began on.
/// </summary>
/// <param name="path">The file's name in errors.</param>
/// <param name="separator">The character between two fields.</param>
/// <param name="line">Number of the first line that <paramref name="text"/> gives, from 1.</param>
sealed class CsvReader(TextReader text, string path, char separator = ',', int line = 1)
{
    /// <summary>No name, address or label is longer: a field that is has a quote too many.</summary>
    const int MaxFieldLength = 1 << 16;

    readonly StringBuilder field = new();
    int nextLine = line;

    /// <summary>Gets the line on which the record that was read last began, from 1.</summary>
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
            if (end != separator)
            {
                return;
            }
        }
    }

    /// <summary>Reads up to the field's end and returns what ended it: the separator, a line feed or −1.</summary>
    int ReadPlain()
    {
        while (true)
        {
            var c = Next();
            if (c == separator || c is '\n' or -1)
            {
                return c;
            }

            if (c != '\r')
            {
                Append((char)c);
            }
            else if (text.Peek() is not ('\r' or '\n' or -1))
            {
                throw new InputException($"{path}:{Line}: a carriage return alone ends a line; convert the line ends, "
                    + "for example with tr '\\r' '\\n'");
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

            Append((char)c);
        }
    }

    void Append(char c)
    {
        if (field.Length == MaxFieldLength)
        {
            throw new InputException($"{path}:{Line}: a field has more than {MaxFieldLength:N0} characters; "
                + "shorten it, or close the quote before it");
        }

        field.Append(c);
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
