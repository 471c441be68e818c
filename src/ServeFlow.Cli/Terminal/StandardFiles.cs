using System.Runtime.InteropServices;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Standard input, output and error, where whoever started the process had closed them (<c>&lt;&amp;-</c>). The next
/// file that is opened then has such a number, and is mostly one of the runtime: records would be written into that.
/// </summary>
static partial class StandardFiles
{
    const int GetFlags = 1;
    const int CloseOnStart = 1;
    const int ReadOnly = 0;
    const int WriteOnly = 1;

    static bool AreGiven => IsGiven(0) && IsGiven(1) && IsGiven(2);

    /// <summary>
    /// Starts the program anew where a standard file is missing, with one in its place that refuses to be read, or to
    /// be written: to the program it is closed, and no other file can have its number. Call it before anything is
    /// opened.
    /// </summary>
    public static void Restore()
    {
        if (!OperatingSystem.IsLinux() || AreGiven)
        {
            return;
        }

        try
        {
            var restart = new ProgramRestart();
            for (var number = 0; number <= 2; number++)
            {
                Close(number);
            }

            if (AreGiven) // else the new program would do the same, without end
            {
                restart.Execute();
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // Without a new start it goes on as it was started.
        }
    }

    /// <summary>
    /// What a process was started with stays open over a start; what the runtime opens for itself does not.
    /// </summary>
    static bool IsGiven(int number) => Control(number, GetFlags) is >= 0 and var flags && (flags & CloseOnStart) == 0;

    static void Close(int number)
    {
        if (!IsGiven(number) && Open("/dev/null", number == 0 ? WriteOnly : ReadOnly) is >= 0 and var file
            && file != number)
        {
            _ = Duplicate(file, number);
            _ = Release(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int file, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int file, int number);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Release(int file);
}
