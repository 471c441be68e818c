using ServeFlow.Packets.Captures.Compression;
using ZstdSharp;

namespace ServeFlow.Packets.Captures;

/// <summary>Opens files and puts a decompressor in front where the first bytes ask for one.</summary>
static class CaptureStream
{
    const int MagicLength = 4;

    public static Stream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception error) when (error.IsFileFailure)
        {
            throw error is FileNotFoundException or DirectoryNotFoundException
                ? new(SkipReason.Vanished, $"{path}: no such file: give an existing capture file or directory", error)
                : new CaptureException(
                    error is UnauthorizedAccessException ? SkipReason.NoPermission : SkipReason.ReadFailed,
                    $"{path}: cannot be opened ({error.Message.TrimEnd('.')}): check the path and its permissions",
                    error);
        }
    }

    /// <summary>The stream with gzip or zstd taken off, one layer; whatever else it is comes back as it is.</summary>
    /// <exception cref="InputException">The stream cannot be read.</exception>
    public static Stream Decompress(Stream stream, string path)
    {
        var start = new byte[MagicLength];
        int length;
        try
        {
            length = stream.ReadAtLeast(start, MagicLength, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error.IsFileFailure)
        {
            stream.Dispose();
            throw new CaptureException(SkipReason.ReadFailed,
                $"{path}: cannot be read ({error.Message.TrimEnd('.')}): check the file", error);
        }

        var whole = new PeekedStream(start[..length], stream);
        return start switch
        {
            [0x1f, 0x8b, ..] => new GzipCaptureStream(whole),
            // A frame, or a skippable one, with which parallel compressors begin (RFC 8878).
            [0x28, 0xb5, 0x2f, 0xfd] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18] =>
                new DecompressionStream(whole, leaveOpen: false),
            _ => whole,
        };
    }
}
