using System.IO.Enumeration;

namespace ServeFlow.Packets.Captures;

/// <summary>The captures that a PATH names: one file, standard input, or all of a directory in time order.</summary>
public sealed class CaptureSet
{
    const int FirstPacketWindow = 1 << 12;

    /// <summary>Enough to see what is wrong; a directory of photographs must not fill the memory.</summary>
    const int MaxReasons = 100;

    readonly List<CapturePath> captures = [];
    readonly List<string> reasons = [];

    CaptureSet()
    {
    }

    /// <summary>Gets the captures in time order of their first packets, then by name.</summary>
    public IReadOnlyList<CapturePath> Captures => captures;

    /// <summary>Files of the directory that are no captures (or broken within the header).</summary>
    public int Skipped { get; private set; }

    /// <summary>Gets one line with the path for each of the first hundred captures that were skipped.</summary>
    public IReadOnlyList<string> SkipReasons => reasons;

    /// <summary>
    /// Finds the captures of a PATH. A directory is searched recursively; links to directories are not.
    /// </summary>
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

        var set = new CaptureSet();
        set.captures.Add(new(path, path == CaptureFile.StandardInput ? path : Path.GetFileName(path), 0));
        return set;
    }

    static CaptureSet FindIn(string directory)
    {
        var set = new CaptureSet();
        var burst = new PacketBurst();
        foreach (var file in FilesBelow(directory))
        {
            set.Probe(directory, file, burst);
        }

        if (set.captures.Count == 0)
        {
            throw new InputException($"{directory}: no capture in this directory ({set.Skipped} other files): " +
                                     "give one that holds pcap or pcapng files");
        }

        set.captures.Sort((a, b) => a.FirstTimestampNs != b.FirstTimestampNs
            ? a.FirstTimestampNs.CompareTo(b.FirstTimestampNs)
            : string.CompareOrdinal(a.Name, b.Name));
        return set;
    }

    /// <summary>Linked files are followed, linked directories are not: they may lead round in a circle.</summary>
    static FileSystemEnumerable<string> FilesBelow(string directory) =>
        new(directory, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    void Probe(string directory, string file, PacketBurst burst)
    {
        // Pipes and sockets, which would make the search wait for ever, have no length either.
        if (new FileInfo(file).Length == 0)
        {
            Skip($"{file}: empty, no capture in it");
            return;
        }

        try
        {
            using var capture = CaptureFile.Open(CaptureStream.Open(file), file, FirstPacketWindow);
            var first = capture.Poll(burst) ? burst.Packets[0].TimestampNs : 0;
            captures.Add(new(file, Path.GetRelativePath(directory, file).Replace('\\', '/'), first));
        }
        catch (InputException error)
        {
            Skip(error.Message);
        }
    }

    void Skip(string reason)
    {
        Skipped++;
        if (reasons.Count < MaxReasons)
        {
            reasons.Add(reason);
        }
    }
}
