namespace ServeFlow.Sinks.Files;

/// <summary>Finds the line without an end that a killed run may leave at the end of a log.</summary>
static class PartialLine
{
    /// <summary>Exceeds any record's line; a file without a line end in that many bytes is no log of ours.</summary>
    const int MaxLineLength = 1 << 16;

    /// <summary>Cuts a regular file back to its last whole line; leaves alone what is not there, or not ours.</summary>
    public static void Remove(string path)
    {
        if (!File.Exists(path) || new FileInfo(path) is not { Length: > 0 } info)
        {
            return;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var tail = new byte[Math.Min(MaxLineLength, info.Length)];
        var length = RandomAccess.Read(file, tail, info.Length - tail.Length);
        var end = tail.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        if (end > 0 && end < length)
        {
            RandomAccess.SetLength(file, info.Length - length + end);
        }
    }
}
