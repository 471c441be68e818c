using System.Text.RegularExpressions;

namespace ServeFlow.Sinks.Files;

/// <summary>
/// The temporary names of files in the making: <c>NAME.(32 digits).partial</c> beside the place of NAME. Who writes
/// such a file holds it locked, so that the next run can tell one that a killed run left behind, and remove it.
/// </summary>
public static partial class PartialName
{
    /// <summary>Opens a file under a temporary name for <paramref name="path"/>.</summary>
    /// <param name="path">The place that the file will have.</param>
    /// <param name="open">Makes the file and locks it.</param>
    public static (string Name, T File) Open<T>(string path, Func<string, T> open) where T : IDisposable
    {
        while (true)
        {
            var name = $"{path}.{Guid.NewGuid():N}.partial";
            var file = open(name);
            if (File.Exists(name))
            {
                return (name, file);
            }

            file.Dispose(); // another run removed it before it was locked
        }
    }

    /// <summary>
    /// Removes what killed runs left behind of files whose names <paramref name="isOurs"/> accepts. What a living
    /// process writes stays, and so does all where the file system keeps no locks. Never fails.
    /// </summary>
    /// <param name="directory">Where the files would be.</param>
    /// <param name="isOurs">Accepts the name, without directory, that a file would have had.</param>
    public static void RemoveLeftBehind(string directory, Func<string, bool> isOurs)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(directory, "*.partial"))
            {
                if (Form().Match(Path.GetFileName(path)) is { Success: true } match && isOurs(match.Groups[1].Value))
                {
                    RemoveUnlessLocked(path);
                }
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // a folder that cannot be listed: the run itself will say so if it matters
        }
    }

    static void RemoveUnlessLocked(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (FileStatus.IsRegular(file) && FileLock.TryTake(file) == FileLockResult.Taken)
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // somebody else's, or gone
        }
    }

    [GeneratedRegex(@"\A(.+)\.[0-9a-f]{32}\.partial\z", RegexOptions.Singleline)]
    private static partial Regex Form();
}
