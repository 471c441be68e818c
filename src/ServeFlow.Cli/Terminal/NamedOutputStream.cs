using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Terminal;

/// <summary>Represents standard output, a device or a pipe, and says of a failure which of them failed.</summary>
/// <param name="output">What is written to.</param>
/// <param name="name">What the user calls it.</param>
/// <param name="otherwise">What else the user can do.</param>
sealed class NamedOutputStream(Stream output, string name, string otherwise) : WriteOnlyStream
{
    const string StandardOutput = "standard output";

    const int BadDescriptor = 9;

    static volatile string? busy;

    /// <summary>Names a stream that leads to standard output.</summary>
    public NamedOutputStream(Stream output) : this(output, StandardOutput, "send it to another place")
    {
    }

    /// <summary>The console's, which goes on in silence when its reader has gone.</summary>
    public NamedOutputStream() : this(Console.OpenStandardOutput())
    {
    }

    /// <summary>
    /// Gets the name of what is being written to, whose reader, if it takes nothing, holds the write up; null where
    /// nothing is.
    /// </summary>
    public static string? Busy => busy;

    /// <exception cref="InputException">It is full, closed, or fails otherwise.</exception>
    /// <exception cref="IOException">Its reader has gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        busy = name;
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
            busy = null;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            output.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Explains a failed write. .NET reports a descriptor that is closed or open for reading only as denied access.
    /// </summary>
    InputException Failure(Exception e) => new($"{name}: cannot be written: "
        + (e is UnauthorizedAccessException or { HResult: BadDescriptor } ? "it is closed" : Reason(e))
        + $"; make room there, or {otherwise}", e);

    static string Reason(Exception e) =>
        e.Message.Replace($"{StandardOutput}: ", "", StringComparison.Ordinal).TrimEnd('.');
}
