using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Takes the data that a verb writes: standard output, or a file that appears under its name only when it is complete.
/// Until then it stands beside, under a temporary name; what a killed run left there is removed. Devices and pipes,
/// which no file may replace, are written to directly.
/// </summary>
sealed class OutputFile : IDisposable
{
    const int BufferSize = 1 << 16;

    /// <summary>Holds the option that names the file, in messages.</summary>
    readonly string option;

    readonly string? path;
    readonly string? temporary;

    /// <param name="path">Null or <c>-</c> is standard output.</param>
    /// <param name="inputs">Files that are read, and must not be written over.</param>
    /// <exception cref="InputException">The file cannot be made, or is an input.</exception>
    public OutputFile(string? path, params IEnumerable<string?> inputs) : this("-w", path, inputs)
    {
    }

    OutputFile(string option, string? path, IEnumerable<string?> inputs)
    {
        this.option = option;
        if (path is null or "-")
        {
            Stream = new BufferedStream(new NamedOutputStream(OpenStandardOutput()), BufferSize);
            return;
        }

        this.path = Target(path);
        Check(path, inputs);
        if (IsDevice(this.path))
        {
            Stream = new BufferedStream(new NamedOutputStream(OpenDevice(path), path,
                $"give another place with {option}"), BufferSize);
            return;
        }

        try
        {
            PartialName.RemoveLeftBehind(Directory, name => name == Path.GetFileName(this.path));
            (temporary, Stream) = PartialName.Open(this.path, OpenPartial);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be written: no file can be made in {Directory}; "
                + $"check its permissions, or give another place with {option}", e);
        }
    }

    /// <summary>Creates the file that an option other than -w names.</summary>
    /// <inheritdoc cref="OutputFile(string?, IEnumerable{string?})"/>
    public static OutputFile ForOption(string option, string? path, params IEnumerable<string?> inputs) =>
        new(option, path, inputs);

    public Stream Stream { get; }

    /// <summary>Gets whether the data appears only when it is complete, rather than as it is written.</summary>
    public bool AppearsWhole => temporary is not null;

    /// <summary>Gets the folder that the file is in; the system's temporary folder for standard output.</summary>
    public string Directory => path is null ? Path.GetTempPath() : Path.GetDirectoryName(path)!;

    /// <summary>The data is complete: gives the file its name, in place of one that was there.</summary>
    public void Complete()
    {
        Stream.Flush();
        if (temporary is not null)
        {
            KeepMode();
            File.Move(temporary, path!, overwrite: true); // locked under its temporary name to the last
        }
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (Exception e) when (temporary is not null && e.IsFileFailure)
        {
            // A full disk does not take what the stream still held, of a file that is thrown away.
        }

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

    AppendStream OpenDevice(string given)
    {
        try
        {
            return AppendStream.Open(path!);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{given}: cannot be written: {e.Message.TrimEnd('.')}; start its reader, check "
                + $"its permissions, or give another place with {option}", e);
        }
    }

    /// <summary>The base library's stream would go on in silence when the reader has gone.</summary>
    static AppendStream OpenStandardOutput()
    {
        try
        {
            return AppendStream.StandardOutput();
        }
        catch (FileInUseException e)
        {
            throw new InputException("standard output: another process is writing to the file that it leads to: let "
                + "one end before the other begins, or give another file", e);
        }
    }

    static FileStream OpenPartial(string name)
    {
        var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, BufferSize);
        FileLock.TryTake(file.SafeFileHandle);
        return file;
    }

    void Check(string given, IEnumerable<string?> inputs)
    {
        OutputPlace.CheckBundle(given);
        OutputPlace.CheckName(option, given);
        if (System.IO.Directory.Exists(path))
        {
            throw new InputException($"{given}: is a directory; give the name of a file");
        }

        if (!System.IO.Directory.Exists(Directory))
        {
            throw new InputException($"{given}: cannot be written: there is no directory {Directory}; make it, or give "
                + $"another place with {option}");
        }

        if (inputs.Any(input => input is not (null or "-") && Target(input) == path))
        {
            throw new InputException($"{given}: is read and cannot be written over at once; give another name with "
                + $"{option}");
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
    static bool IsDevice(string path) => File.Exists(path)
        && (path.StartsWith("/dev/", StringComparison.Ordinal) || !FileStatus.IsRegular(path));
}
