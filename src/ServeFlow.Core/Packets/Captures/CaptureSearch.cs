using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// Finds all regular files below a directory, in the order of their names. Whatever it cannot look at is counted, and
/// the search goes on. Linked files are followed; linked directories are not, for they may lead round in a circle.
/// </summary>
/// <param name="skipped">Counts what is no file, and what cannot be looked at.</param>
/// <param name="stop">Ends the search of a large directory, by an exception.</param>
sealed class CaptureSearch(SkippedFiles skipped, CancellationToken stop = default)
{
    const int NoSuchFile = 2; // ENOENT
    const int NoPermission = 13; // EACCES

    /// <summary>Gets the paths of the directories that lie directly in the one that was searched.</summary>
    public IReadOnlyList<string> Folders { get; private set; } = [];

    /// <exception cref="CaptureException">The directory itself cannot be read.</exception>
    public IEnumerable<string> FindFiles(string directory)
    {
        var folders = new Stack<string>();
        var top = Visit(List(directory), folders);
        Folders = [.. folders];
        foreach (var file in top)
        {
            yield return file;
        }

        while (folders.TryPop(out var folder))
        {
            foreach (var file in Visit(TryList(folder), folders))
            {
                yield return file;
            }
        }
    }

    List<string> Visit(IReadOnlyList<string> paths, Stack<string> folders)
    {
        var (files, below) = (new List<string>(), new List<string>());
        foreach (var path in paths)
        {
            stop.ThrowIfCancellationRequested();
            var kind = FileStatus.Find(path, out var size, followsLinks: false);
            if (kind == FileKind.Directory)
            {
                below.Add(path);
            }
            else if (kind == FileKind.Link ? LeadsToFile(path) : IsFile(path, kind, size))
            {
                files.Add(path);
            }
        }

        // The last pushed comes first, so that folders are searched in the order of their names.
        below.Reverse();
        below.ForEach(folders.Push);
        return files;
    }

    bool LeadsToFile(string link) => FileStatus.Find(link, out var size) switch
    {
        FileKind.Directory => Skip(SkipReason.LinkedDirectory, link,
            "a link to a directory, which is not followed: give that directory with -r"),
        FileKind.LinkCircle => Skip(SkipReason.BrokenLink, link, "a link that leads round in a circle"),
        FileKind.Missing => Skip(SkipReason.BrokenLink, link, "a link to nothing"),
        var kind => IsFile(link, kind, size),
    };

    bool IsFile(string path, FileKind kind, long size) => kind switch
    {
        FileKind.Regular => size > 0 || Skip(SkipReason.Empty, path, "empty, no capture in it"),
        FileKind.Pipe or FileKind.Special => Skip(SkipReason.NotAFile, path,
            "a pipe, a socket or a device, which a search does not open: give it alone"),
        FileKind.NoPermission => Skip(SkipReason.NoPermission, path, "no permission to read it"),
        _ => Skip(SkipReason.Vanished, path, "vanished during the search"),
    };

    bool Skip(SkipReason reason, string path, string why)
    {
        skipped.Add(reason, $"{PrintableText.Escape(path)}: {why}");
        return false;
    }

    IReadOnlyList<string> TryList(string folder)
    {
        try
        {
            return List(folder);
        }
        catch (CaptureException e)
        {
            skipped.Add(e.Reason, e.Message);
            return [];
        }
    }

    static List<string> List(string folder)
    {
        var error = DirectoryNames.TryList(folder, out var names);
        var shown = PrintableText.Escape(folder);
        return error switch
        {
            0 => [.. names.Select(name => Path.Combine(folder, name)).Order(StringComparer.Ordinal)],
            NoPermission => throw new CaptureException(SkipReason.NoPermission,
                $"{shown}: no permission to search this directory"),
            NoSuchFile => throw new CaptureException(SkipReason.Vanished, $"{shown}: vanished during the search"),
            _ => throw new CaptureException(SkipReason.ReadFailed,
                $"{shown}: cannot be searched ({Marshal.GetPInvokeErrorMessage(error)})"),
        };
    }
}
