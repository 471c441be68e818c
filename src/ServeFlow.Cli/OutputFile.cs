namespace ServeFlow.Cli;

/// <summary>
/// Where a verb writes its data: standard output, or a file that appears under its name only when it is complete.
/// Until then it stands beside, under a temporary name.
/// </summary>
sealed class OutputFile : IDisposable
{
    readonly string? path;
    readonly string temporary = "";

    /// <param name="path">Null or <c>-</c> is standard output.</param>
    /// <exception cref="InputException">The file cannot be made.</exception>
    public OutputFile(string? path)
    {
        if (path is null or "-")
        {
            Stream = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
            return;
        }

        if (System.IO.Directory.Exists(path))
        {
            throw new InputException($"{path}: is a directory; give the name of a file");
        }

        this.path = path;
        temporary = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            Stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be written: {e.Message}", e);
        }
    }

    public Stream Stream { get; }

    /// <summary>The folder that the file is in; the system's temporary folder for standard output.</summary>
    public string Directory =>
        path is null ? Path.GetTempPath() : Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>The data is complete: gives the file its name, in place of one that was there.</summary>
    public void Complete()
    {
        Stream.Flush();
        if (path is not null)
        {
            Stream.Dispose();
            File.Move(temporary, path, overwrite: true);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (path is not null)
        {
            File.Delete(temporary);
        }
    }
}
