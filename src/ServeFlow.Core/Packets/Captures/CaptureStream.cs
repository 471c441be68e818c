using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Packets.Captures;

/// <summary>Opens files and puts a decompressor in front where the first bytes ask for one.</summary>
static class CaptureStream
{
    /// <summary>A capture that was compressed more than once on its way opens; an endless nest does not.</summary>
    const int MaxLayers = 4;

    /// <param name="stop">Ends the wait for a pipe that is silent.</param>
    public static Stream Open(string path, CancellationToken stop)
    {
        try
        {
            return stop.CanBeCanceled && FileStatus.IsPipe(path)
                ? StoppableStream.Open(path, stop)
                : PathStream.Open(path);
        }
        catch (Exception error) when (error.IsFileFailure)
        {
            var name = CaptureFormat.Name(path);
            throw error is FileNotFoundException or DirectoryNotFoundException
                ? new(SkipReason.Vanished, $"{name}: no such file: give an existing capture file or directory", error)
                : new CaptureException(
                    error is UnauthorizedAccessException ? SkipReason.NoPermission : SkipReason.ReadFailed,
                    $"{name}: cannot be opened ({error.Message.TrimEnd('.')}): check the path and its permissions",
                    error);
        }
    }

    /// <summary>The stream with its compression taken off, up to four layers; any other comes back as it is.</summary>
    /// <exception cref="CaptureException">The stream cannot be read.</exception>
    public static Stream Decompress(Stream stream, string path, ExpansionLimit limit)
    {
        var packed = new PackedStream(stream);
        Stream current = packed;
        for (var layer = 0; layer < MaxLayers; layer++)
        {
            var start = ReadStart(current, packed, path);
            var whole = new PeekedStream(start, current);
            try
            {
                if (Decompressor.TryOpen(start, whole) is not { } library)
                {
                    return whole;
                }

                current = new UnpackedStream(library, packed, limit);
            }
            catch (Exception error) when (!packed.HasFailed && error is not OperationCanceledException)
            {
                stream.Dispose();
                throw new CaptureException(SkipReason.CorruptCompression,
                    $"{CaptureFormat.Name(path)}: cannot be read (corrupt compression): copy the capture again", error);
            }
        }

        return current;
    }

    static byte[] ReadStart(Stream stream, PackedStream packed, string path)
    {
        var start = new byte[Decompressor.MagicLength];
        try
        {
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error.IsFileFailure || error is InvalidDataException or ExpansionException)
        {
            packed.Dispose();
            if (error.Message == UnpackedStream.ForeignFilter)
            {
                throw new CaptureException(SkipReason.UnsupportedFormat, $"{CaptureFormat.Name(path)}: "
                    + $"{error.Message}, as by 'xz --delta': unpack it first, with 'xz -d'", error);
            }

            throw new CaptureException(packed.HasFailed ? SkipReason.ReadFailed : SkipReason.CorruptCompression,
                packed.HasFailed ? Failure(path, error)
                    : $"{CaptureFormat.Name(path)}: cannot be read (corrupt compression at byte 0): "
                        + "copy the capture again", error);
        }
    }

    /// <summary>.NET reports a descriptor that is closed or open for writing only as denied access.</summary>
    static string Failure(string path, Exception error) => CaptureFormat.Name(path)
        + (path == CaptureFile.StandardInput && error is UnauthorizedAccessException
            ? ": is closed: send a capture there, or give a file"
            : $": cannot be read ({error.Message.TrimEnd('.')}): check the file");
}
