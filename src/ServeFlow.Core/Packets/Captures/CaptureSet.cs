namespace ServeFlow.Packets.Captures;

/// <summary>The captures that a PATH names: one file, standard input, or all of a directory in time order.</summary>
public sealed class CaptureSet
{
    const int FirstPacketWindow = 1 << 12;

    CaptureSet(IReadOnlyList<CapturePath> captures, int skipped) => (Captures, Skipped) = (captures, skipped);

    /// <summary>In time order of their first packets, then by name.</summary>
    public IReadOnlyList<CapturePath> Captures { get; }

    /// <summary>Files of the directory that are no captures (or broken within the header).</summary>
    public int Skipped { get; }

    /// <summary>Finds the captures of a PATH. A directory is searched recursively; links to directories are not.</summary>
    /// <exception cref="InputException">There is nothing there, or no capture in it.</exception>
    public static CaptureSet Find(string path)
    {
        if (Directory.Exists(path))
        {
            return FindIn(path);
        }

        if (path != CaptureFile.StandardInput && !File.Exists(path))
        {
            throw new InputException($"{path}: no such file or directory: give an existing capture file or directory");
        }

        return new([new(path, path == CaptureFile.StandardInput ? path : Path.GetFileName(path), 0)], 0);
    }

    static CaptureSet FindIn(string directory)
    {
        var captures = new List<CapturePath>();
        var skipped = 0;
        var burst = new PacketBurst();
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (var file in Directory.EnumerateFiles(directory, "*", options))
        {
            if (FirstTimestamp(file, burst) is { } first)
            {
                captures.Add(new(file, Path.GetRelativePath(directory, file).Replace('\\', '/'), first));
            }
            else
            {
                skipped++;
            }
        }

        if (captures.Count == 0)
        {
            throw new InputException($"{directory}: no capture in this directory ({skipped} other files): {
                ""}give one that holds pcap or pcapng files");
        }

        captures.Sort((a, b) => a.FirstTimestampNs != b.FirstTimestampNs
            ? a.FirstTimestampNs.CompareTo(b.FirstTimestampNs)
            : string.CompareOrdinal(a.Name, b.Name));
        return new(captures, skipped);
    }

    /// <summary>Null where the file is no capture.</summary>
    static long? FirstTimestamp(string path, PacketBurst burst)
    {
        try
        {
            using var capture = CaptureFile.Open(CaptureStream.Open(path), path, FirstPacketWindow);
            return capture.Poll(burst) ? burst.Packets[0].TimestampNs : 0;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
