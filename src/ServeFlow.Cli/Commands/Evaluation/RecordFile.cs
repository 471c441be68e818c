using System.IO.Compression;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>Tells files of records from captures: a record is an object of JSON.</summary>
static class RecordFile
{
    /// <summary>Determines whether a path is a file that begins with an object, also where gzip packed it.</summary>
    public static bool HoldsRecords(string path)
    {
        try
        {
            return File.Exists(path) && (Begins(File.OpenRead(path)) || Begins(Unpack(path)));
        }
        catch (Exception e) when (e.IsFileFailure || e is InvalidDataException)
        {
            return false; // who reads it next says why
        }
    }

    static Stream Unpack(string path) => new GZipStream(File.OpenRead(path), CompressionMode.Decompress);

    static bool Begins(Stream stream)
    {
        using (stream)
        {
            Span<byte> start = stackalloc byte[16];
            var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            var text = start[..read];
            text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
            return text.Trim(" \t\r\n"u8) is [(byte)'{', ..];
        }
    }
}
