using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Terminal;

/// <summary>Is standard output, whose failures say that it was standard output that failed.</summary>
/// <param name="output">Standard output itself.</param>
sealed class StandardOutputStream(Stream output) : WriteOnlyStream
{
    const int BadDescriptor = 9;

    static volatile bool isWriting;

    /// <summary>The console's, which goes on in silence when its reader has gone.</summary>
    public StandardOutputStream() : this(Console.OpenStandardOutput())
    {
    }

    /// <summary>Gets whether a write is under way, which a reader that takes nothing holds up.</summary>
    public static bool IsWriting => isWriting;

    /// <exception cref="InputException">It is full, closed, or fails otherwise.</exception>
    /// <exception cref="IOException">Its reader has gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        isWriting = true;
        try
        {
            output.Write(buffer);
        }
        catch (Exception e) when (e.IsFileFailure && !BrokenPipe.Is(e))
        {
            throw Failure(e);
        }
        finally
        {
            isWriting = false;
        }
    }

    /// <summary>
    /// Explains a failed write. .NET reports a descriptor that is closed or open for reading only as denied access.
    /// </summary>
    static InputException Failure(Exception e) => new("standard output: cannot be written: "
        + (e is UnauthorizedAccessException or { HResult: BadDescriptor } ? "it is closed" : Reason(e))
        + "; make room there, or send it to another place", e);

    static string Reason(Exception e) =>
        e.Message.Replace("standard output: ", "", StringComparison.Ordinal).TrimEnd('.');
}
