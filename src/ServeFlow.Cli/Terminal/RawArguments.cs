namespace ServeFlow.Cli.Terminal;

/// <summary>
/// The command line as the kernel has it. The runtime replaces bytes that are not UTF-8, and a capture of such a name
/// could then not be given.
/// </summary>
static class RawArguments
{
    const char Replacement = '\ufffd';

    /// <summary>Gets the arguments with the bytes that the runtime has replaced (<see cref="PathBytes"/>).</summary>
    public static string[] Restore(string[] arguments)
    {
        if (!Array.Exists(arguments, argument => argument.Contains(Replacement)))
        {
            return arguments;
        }

        try
        {
            return Restore(arguments, File.ReadAllBytes("/proc/self/cmdline"));
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return arguments;
        }
    }

    /// <param name="line">All words of the process, a zero behind each; the arguments are the last of them.</param>
    /// <param name="arguments">The arguments as the runtime gives them.</param>
    internal static string[] Restore(string[] arguments, ReadOnlySpan<byte> line)
    {
        var words = new List<string>();
        foreach (var word in line[..^1].Split((byte)0))
        {
            words.Add(PathBytes.Decode(line[word]));
        }

        return words.Count < arguments.Length ? arguments : [.. words.TakeLast(arguments.Length)];
    }
}
