using Microsoft.Win32.SafeHandles;

namespace ServeFlow;

/// <summary>
/// A folder in the making, under a temporary name beside its place. A file in it is held locked while it is made, so
/// that the next run can tell one that a killed run left behind, and remove it.
/// </summary>
public sealed class UnfinishedFolder : IDisposable
{
    const string LockName = ".lock";

    readonly SafeFileHandle held;

    UnfinishedFolder(string path, SafeFileHandle held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made.</exception>
    public static UnfinishedFolder Create(string path)
    {
        Directory.CreateDirectory(path);
        return new(path, Hold(path, FileMode.CreateNew));
    }

    /// <summary>
    /// Removes the folders that killed runs left behind. One that is being made stays. Never fails.
    /// </summary>
    /// <param name="parent">Where they would be.</param>
    /// <param name="pattern">What their names are like, with <c>*</c>.</param>
    public static void RemoveLeftBehind(string parent, string pattern)
    {
        try
        {
            foreach (var folder in Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [])
            {
                RemoveUnlessHeld(folder);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // a folder that cannot be listed: the run itself will say so if it matters
        }
    }

    /// <summary>Removes a folder, unless another process has put something into it. Never fails.</summary>
    public static void RemoveIfEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // not empty, or gone
        }
    }

    /// <summary>The folder is complete: gives it its name.</summary>
    /// <exception cref="IOException">There is something of the name.</exception>
    public void Publish(string target)
    {
        File.Delete(LockPath(Path));
        Directory.Move(Path, target);
    }

    /// <summary>Removes the folder, unless it has its name.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Path))
            {
                Directory.Delete(Path, recursive: true);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // What failed before is the one to report; the next run tries again.
        }

        held.Dispose();
    }

    static void RemoveUnlessHeld(string folder)
    {
        try
        {
            using (Hold(folder, FileMode.Open))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // held, somebody else's, or gone
        }
    }

    static string LockPath(string folder) => System.IO.Path.Combine(folder, LockName);

    /// <summary>The base library locks a file that is not shared (flock), until the process ends.</summary>
    static SafeFileHandle Hold(string folder, FileMode mode) =>
        File.OpenHandle(LockPath(folder), mode, FileAccess.ReadWrite, FileShare.None);
}
