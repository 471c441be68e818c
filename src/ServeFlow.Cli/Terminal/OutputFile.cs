namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Is where a verb writes its data: standard output, or a file that appears under its name only when it is complete.
/// Until then it stands beside, under a temporary name. Devices and pipes, which no file may replace, are written to
/// directly.
/// </summary>
sealed class OutputFile : IDisposable
{
    readonly string? path;
    readonly string? temporary;

    /// <param name="path">Null or <c>-</c> is standard output.</param>
    /// <param name="inputs">Files that are read, and must not be written over.</param>
    /// <exception cref="InputException">The file cannot be made, or is an input.</exception>
    public OutputFile(string? path, params IEnumerable<string?> inputs)
    {
        if (path is null or "-")
        {
            Stream = new BufferedStream(new StandardOutputStream(), 1 << 16);
            return;
        }

        this.path = Target(path);
        Check(path, inputs);
        try
        {
            if (IsDevice(this.path))
            {
                Stream = new FileStream(this.path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1 << 16);
                return;
            }

            temporary = $"{this.path}.{Guid.NewGuid():N}.partial";
            Stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be written: no file can be made in {Directory}; "
                + "check its permissions, or give another place with -w", e);
        }
    }

    public Stream Stream { get; }

    /// <summary>The folder that the file is in; the system's temporary folder for standard output.</summary>
    public string Directory => path is null ? Path.GetTempPath() : Path.GetDirectoryName(path)!;

    /// <summary>The data is complete: gives the file its name, in place of one that was there.</summary>
    public void Complete()
    {
        Stream.Flush();
        if (temporary is not null)
        {
            Stream.Dispose();
            KeepMode();
            File.Move(temporary, path!, overwrite: true);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (temporary is not null)
        {
            File.Delete(temporary);
        }
    }

    /// <summary>A file that is written anew stays as private as it was.</summary>
    void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path))
        {
            File.SetUnixFileMode(temporary!, File.GetUnixFileMode(path));
        }
    }

    void Check(string given, IEnumerable<string?> inputs)
    {
        OutputPlace.CheckBundle("-w", given);
        if (System.IO.Directory.Exists(path))
        {
            throw new InputException($"{given}: is a directory; give the name of a file");
        }

        if (!System.IO.Directory.Exists(Directory))
        {
            throw new InputException($"{given}: cannot be written: there is no directory {Directory}; make it, or give "
                + "another place with -w");
        }

        if (inputs.Any(input => input is not (null or "-") && Target(input) == path))
        {
            throw new InputException($"{given}: is read and cannot be written over at once; give another name with -w");
        }
    }

    /// <summary>Finds what a path leads to, links followed.</summary>
    static string Target(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            // Standard streams lead through /proc to things without a name.
            return full.StartsWith("/dev/", StringComparison.Ordinal)
                ? full
                : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return full;
        }
    }

    /// <summary>
    /// Determines whether something is there that is written to, not replaced: /dev/null, a named pipe.
    /// </summary>
    static bool IsDevice(string path)
    {
        if (path.StartsWith("/dev/", StringComparison.Ordinal) || !File.Exists(path))
        {
            return File.Exists(path);
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 1);
        return !file.CanSeek;
    }
}
