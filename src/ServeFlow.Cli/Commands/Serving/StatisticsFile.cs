using System.Text;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// The JSON Lines of <c>--stats-json</c>. A full disk costs lines, not the sensor: that is said once, and again when it
/// is over. A pipe whose reader is stuck costs lines too; nobody waits for it.
/// </summary>
/// <param name="path">The file, which is added to.</param>
/// <param name="say">Receives the lines about it.</param>
sealed class StatisticsFile(string path, Action<string> say) : IDisposable
{
    /// <summary>Specifies what a line may take at the end.</summary>
    static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(500);

    AppendStream? file;
    WriteBehindStream? behind;
    bool hasFailed;

    /// <summary>Opens the file.</summary>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public void Open()
    {
        try
        {
            OpenOrThrow();
        }
        catch (FileInUseException e)
        {
            throw new InputException($"--stats-json {path}: another process is writing to it: end that one first, or "
                + "give another file", e);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"--stats-json {path}: cannot be opened: {e.Message.TrimEnd('.')}; check the path "
                + "and its permissions", e);
        }
    }

    /// <summary>Goes on in whatever has the file's name now; log rotation.</summary>
    public void Reopen()
    {
        Dispose();
        Try(() => { });
    }

    /// <summary>Adds a line, unless the one before it is still being written.</summary>
    public void Append(string json)
    {
        if (behind is not { IsIdle: false })
        {
            Try(() => behind!.Write(Encoding.UTF8.GetBytes(json + "\n")));
        }
    }

    /// <summary>Adds the line of the end, for which the one before it is waited for a moment.</summary>
    public void AppendLast(string json)
    {
        SpinWait.SpinUntil(() => behind is not { IsIdle: false }, LastMoment);
        Append(json);
    }

    public void Dispose()
    {
        if (behind is { } writer && SpinWait.SpinUntil(() => writer.IsIdle, LastMoment))
        {
            Try(writer.Flush);
        }

        behind?.Dispose();
        file?.Dispose();
        (behind, file) = (null, null);
    }

    void OpenOrThrow()
    {
        file = path == "-" ? AppendStream.StandardOutput() : AppendStream.Open(path);
        behind = new(file);
    }

    void Try(Action step)
    {
        try
        {
            if (file is null)
            {
                OpenOrThrow();
            }

            step();
            if (hasFailed)
            {
                hasFailed = false;
                say($"--stats-json {path}: is written again");
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            if (!hasFailed)
            {
                hasFailed = true;
                say($"--stats-json {path}: cannot be written: {e.Message.TrimEnd('.')}; lines are lost; trying again");
            }
        }
    }
}
