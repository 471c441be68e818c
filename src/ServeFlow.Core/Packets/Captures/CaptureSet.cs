using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Packets.Clocks;

namespace ServeFlow.Packets.Captures;

/// <summary>Represents the captures that a PATH names: one file, standard input, or all of a directory in time
/// order.</summary>
public sealed class CaptureSet
{
    const int FirstPacketWindow = 1 << 12;

    /// <summary>Bounds the look for a damaged capture's first packet, which only decides its place.</summary>
    const int MaxProbes = 8;

    readonly List<CapturePath> captures = [];

    CaptureSet()
    {
    }

    /// <summary>Gets the captures in time order of their first packets, then by name.</summary>
    public IReadOnlyList<CapturePath> Captures => captures;

    /// <summary>Gets the files of the directory that are not among the captures, with their reasons.</summary>
    public SkippedFiles Skipped { get; } = new();

    /// <summary>Gets the names of the directories that lie directly in the one that was searched, in order, also of
    /// those without a capture.</summary>
    public IReadOnlyList<string> Directories { get; private set; } = [];

    /// <summary>
    /// Finds the captures of a PATH. A directory is searched recursively; links to directories are not.
    /// </summary>
    /// <param name="path">A capture file, a directory of them, or <c>-</c>.</param>
    /// <param name="expansion">What each compressed capture may expand to; null for the usual.</param>
    /// <param name="stop">Ends the search of a large directory.</param>
    /// <exception cref="InputException">There is nothing there, or no capture in it.</exception>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public static CaptureSet Find(string path, ExpansionLimit? expansion = null, CancellationToken stop = default)
    {
        var limit = expansion ?? ExpansionLimit.Default;
        if (path == CaptureFile.StandardInput)
        {
            return Create(path, path, limit);
        }

        if (FileStatus.IsDirectory(path))
        {
            return FindIn(path, limit, stop);
        }

        if (!FileStatus.IsThere(path))
        {
            throw new InputException($"{path}: no such file or directory: give an existing capture file or directory");
        }

        return Create(path, Path.GetFileName(path), limit);
    }

    static CaptureSet Create(string path, string name, ExpansionLimit expansion)
    {
        var set = new CaptureSet();
        set.captures.Add(new(path, PathBytes.ToText(name), 0) { Expansion = expansion });
        return set;
    }

    static CaptureSet FindIn(string directory, ExpansionLimit expansion, CancellationToken stop)
    {
        var set = new CaptureSet();
        var burst = new PacketBurst();
        var search = new CaptureSearch(set.Skipped, stop);
        try
        {
            foreach (var file in search.FindFiles(directory))
            {
                set.Probe(new(file, NameIn(directory, file), 0) { IsFound = true, Expansion = expansion }, burst);
            }
        }
        catch (CaptureException e)
        {
            throw new InputException($"{e.Message}: check its permissions", e);
        }

        if (set.captures.Count == 0)
        {
            throw new InputException($"{PathBytes.ToText(directory)}: no capture in this directory"
                + $"{Explain(set.Skipped)}: give one that holds captures");
        }

        set.Directories = [.. search.Folders.Select(folder => NameIn(directory, folder)).Order(StringComparer.Ordinal)];
        set.captures.Sort((a, b) => a.FirstTimestampNs != b.FirstTimestampNs
            ? a.FirstTimestampNs.CompareTo(b.FirstTimestampNs)
            : string.CompareOrdinal(a.Name, b.Name));
        return set;
    }

    static string NameIn(string directory, string path) => PathBytes.ToText(Path.GetRelativePath(directory, path));

    static string Explain(SkippedFiles skipped) => skipped.Counts.Total == 0 ? ""
        : $" ({string.Join("; ", skipped.Describe().Select(line => line.Trim()))})";

    void Probe(CapturePath file, PacketBurst burst)
    {
        try
        {
            using var capture = new SteadySource(CaptureFile.OpenFound(file, FirstPacketWindow));
            captures.Add(file with { FirstTimestampNs = FindFirst(capture, burst) });
        }
        catch (CaptureException error)
        {
            Skipped.Add(error.Reason, error.Message);
        }
    }

    static long FindFirst(SteadySource capture, PacketBurst burst)
    {
        for (var i = 0; i < MaxProbes && capture.Poll(burst); i++)
        {
            if (burst.Count > 0)
            {
                return burst.Packets[0].TimestampNs;
            }
        }

        return 0;
    }
}
