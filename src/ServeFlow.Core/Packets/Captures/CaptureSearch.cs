using System.IO.Enumeration;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// Finds all regular files below a directory, in the order of their names. Whatever it cannot look at is counted, and
/// the search goes on. Linked files are followed; linked directories are not, for they may lead round in a circle.
/// </summary>
/// <param name="skipped">Counts what is no file, and what cannot be looked at.</param>
sealed class CaptureSearch(SkippedFiles skipped)
{
    const char Replacement = '\ufffd';

    static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <exception cref="CaptureException">The directory itself cannot be read.</exception>
    public IEnumerable<string> FindFiles(string directory)
    {
        var folders = new Stack<string>();
        foreach (var file in Visit(List(directory), folders))
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

    IEnumerable<string> Visit(IReadOnlyList<Entry> entries, Stack<string> folders)
    {
        // The last pushed comes first, so that folders are searched in the order of their names.
        foreach (var entry in entries.Reverse().Where(entry => entry is { IsDirectory: true, IsLink: false }))
        {
            folders.Push(entry.Path);
        }

        return entries.Where(entry => entry.IsLink || !entry.IsDirectory).Where(IsFile).Select(entry => entry.Path);
    }

    bool IsFile(Entry entry)
    {
        if (entry.IsDirectory)
        {
            return Skip(SkipReason.LinkedDirectory, $"{entry.Path}: a link to a directory, which is not followed: "
                + "give that directory with -r");
        }

        var kind = FileStatus.Find(entry.Path, out var size);
        return kind switch
        {
            FileKind.Regular => size > 0 || Skip(SkipReason.Empty, $"{entry.Path}: empty, no capture in it"),
            FileKind.Pipe or FileKind.Special => Skip(SkipReason.NotAFile,
                $"{entry.Path}: a pipe, a socket or a device, which a search does not open: give it alone"),
            FileKind.NoPermission => Skip(SkipReason.NoPermission, $"{entry.Path}: no permission to read it"),
            FileKind.LinkCircle => Skip(SkipReason.BrokenLink, $"{entry.Path}: a link that leads round in a circle"),
            _ => SkipMissing(entry),
        };
    }

    bool SkipMissing(Entry entry) => entry.IsLink
        ? Skip(SkipReason.BrokenLink, $"{entry.Path}: a link to nothing")
        : HasForeignName(entry.Path)
            ? Skip(SkipReason.NameNotUtf8, $"{entry.Path}: its name is not UTF-8: rename it")
            : Skip(SkipReason.Vanished, $"{entry.Path}: vanished during the search");

    bool Skip(SkipReason reason, string line)
    {
        skipped.Add(reason, line);
        return false;
    }

    IReadOnlyList<Entry> TryList(string folder)
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

    static List<Entry> List(string folder)
    {
        try
        {
            var entries = new FileSystemEnumerable<Entry>(folder, (ref FileSystemEntry entry) =>
                new(entry.ToSpecifiedFullPath(), entry.IsDirectory,
                    (entry.Attributes & FileAttributes.ReparsePoint) != 0), Everything);
            return [.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw e is UnauthorizedAccessException
                ? new(SkipReason.NoPermission, $"{folder}: no permission to search this directory", e)
                : HasForeignName(folder)
                    ? new(SkipReason.NameNotUtf8, $"{folder}: its name is not UTF-8: rename it", e)
                    : e is DirectoryNotFoundException
                        ? new(SkipReason.Vanished, $"{folder}: vanished during the search", e)
                        : new CaptureException(SkipReason.ReadFailed,
                            $"{folder}: cannot be searched ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Bytes of a name that are no text became replacement characters, which lead to no file.</summary>
    static bool HasForeignName(string path) => path.Contains(Replacement);

    readonly record struct Entry(string Path, bool IsDirectory, bool IsLink);
}
