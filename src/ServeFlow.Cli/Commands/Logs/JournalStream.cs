namespace ServeFlow.Cli.Commands.Logs;

/// <summary>
/// Tells whether standard error is the journal's socket: systemd names it by device and inode in
/// <c>JOURNAL_STREAM</c>, and a child whose standard error leads elsewhere inherits the variable all the same.
/// </summary>
static class JournalStream
{
    const string Variable = "JOURNAL_STREAM";

    public static bool IsStandardError => Is(Environment.GetEnvironmentVariable(Variable), Target("/proc/self/fd/2"));

    /// <param name="named">The variable: <c>DEVICE:INODE</c>.</param>
    /// <param name="target">What the descriptor leads to, such as <c>socket:[INODE]</c>.</param>
    internal static bool Is(string? named, string? target) =>
        named?.Split(':') is [_, var inode] && inode.Length > 0 && target == $"socket:[{inode}]";

    static string? Target(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return null;
        }
    }
}
