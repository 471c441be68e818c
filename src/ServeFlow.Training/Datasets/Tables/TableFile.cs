using System.Text;
using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Opens a table of flows: separated values, a log of Zeek, or JSON Lines, told apart by their first character; also
/// compressed with gzip.
/// </summary>
sealed class TableFile : IDisposable
{
    readonly TextReader text;

    TableFile(TextReader text, ITableReader reader) => (this.text, Reader) = (text, reader);

    public ITableReader Reader { get; }

    /// <param name="what">What the file is, for errors.</param>
    /// <param name="labelName">The name of the field that is the label; null for the usual ones.</param>
    /// <exception cref="InputException">It is absent, or no table.</exception>
    public static TableFile Open(string path, string what, string? labelName = null)
    {
        var text = OpenText(path, what);
        try
        {
            return new(text, CreateReader(text, path, labelName, allowsMoreFields: true));
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file as UTF-8, which is checked.</summary>
    /// <inheritdoc cref="Open"/>
    /// <param name="setting">The setting that names the file, for errors; null for none.</param>
    public static StreamReader OpenText(string path, string what, Setting? setting = null)
    {
        if (Directory.Exists(path) || !File.Exists(path))
        {
            throw new InputException($"{path}: {(Directory.Exists(path) ? "is a directory" : "no such file")}; "
                + $"{what}")
            {
                Settings = setting is { } named ? [named] : [],
            };
        }

        return new(new Utf8Stream(OpenUnpacked(path), path), Encoding.UTF8);
    }

    /// <summary>Opens a file and takes gzip off, if it is on. A pipe cannot be looked into, and is read as it is.
    /// </summary>
    public static Stream OpenUnpacked(string path)
    {
        var file = File.OpenRead(path);
        if (!file.CanSeek)
        {
            return file;
        }

        Span<byte> magic = stackalloc byte[2];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return length == magic.Length && magic is [0x1f, 0x8b]
            ? new WholeGzipStream(file)
            : file;
    }

    /// <summary>Creates the reader that the text's first character calls for.</summary>
    /// <param name="allowsMoreFields">Whether a record may have more fields than a header line names.</param>
    public static ITableReader CreateReader(TextReader text, string path, string? labelName = null,
        bool allowsMoreFields = false) =>
        text.Peek() switch
        {
            '{' => new JsonLinesTable(text, path, labelName),
            '[' => throw new InputException($"{path}:1: is a JSON array; give one object a line, for example with "
                + "jq -c '.[]'"),
            '#' => CreateCommented(text, path, labelName, allowsMoreFields),
            _ => new SeparatedTable(text, path, labelName, allowsMoreFields),
        };

    public void Dispose() => text.Dispose();

    /// <summary>A header of nDPI begins with the same character as one of Zeek.</summary>
    static ITableReader CreateCommented(TextReader text, string path, string? labelName, bool allowsMoreFields)
    {
        var first = BoundedLine.Read(text) ?? "";
        var whole = new JoinedReader(new StringReader(first + "\n"), text);
        return first.StartsWith("#separator", StringComparison.Ordinal)
            || first.StartsWith("#fields", StringComparison.Ordinal)
            ? new ZeekTable(whole, path, labelName)
            : new SeparatedTable(whole, path, labelName, allowsMoreFields);
    }

    /// <summary>Reads several texts, one after the other.</summary>
    sealed class JoinedReader(TextReader first, TextReader second) : TextReader
    {
        TextReader current = first;

        public override int Peek()
        {
            var c = current.Peek();
            if (c >= 0 || ReferenceEquals(current, second))
            {
                return c;
            }

            current = second;
            return current.Peek();
        }

        public override int Read()
        {
            var c = Peek();
            return c < 0 ? c : current.Read();
        }
    }
}
