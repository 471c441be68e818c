using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// A capture in any format and compression that is read, from a file or from standard input, told apart by content.
/// Reads as a stream through one window; memory does not grow with the file.
/// </summary>
public sealed class CaptureFile : IPacketSource
{
    /// <summary>Stands for a PATH whose capture comes through standard input.</summary>
    public const string StandardInput = "-";

    readonly DamageLog damage;
    readonly CaptureWindow window;
    readonly IRecordReader reader;

    CaptureFile(string path, CaptureWindow window, DamageLog damage, bool mayWait)
    {
        Path = path;
        this.window = window;
        this.damage = damage;
        reader = CaptureFormat.CreateReader(window, damage, SkippedBlocks, path, mayWait);
    }

    /// <summary>Gets the path as it was given; <c>-</c> for standard input.</summary>
    public string Path { get; }

    /// <summary>Gets the number of packets handed over so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Gets the number of bytes of the capture (decompressed) read so far.</summary>
    public long Bytes => window.Offset;

    /// <summary>Gets what was wrong with the capture so far.</summary>
    public Tally<DamageReason> DamageCounts => damage.Counts;

    /// <summary>Gets the first 100 damaged places.</summary>
    public IReadOnlyList<Damage> Damages => damage.Places;

    /// <summary>pcapng blocks without packets.</summary>
    public Tally<SkippedBlock> SkippedBlocks { get; } = new();

    /// <summary>
    /// Gets whether the capture is damaged and not one packet could be read from it. Valid at its end.
    /// </summary>
    public bool IsUnreadable => Packets == 0 && damage.Counts.Total > 0;

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="InputException">There is no such file, it cannot be read, or it is no capture.</exception>
    public static CaptureFile Open(string path)
    {
        try
        {
            return OpenFound(new CapturePath(path, path, 0));
        }
        catch (CaptureException e)
        {
            throw new InputException(e.Message, e);
        }
    }

    /// <summary>Opens a capture that is in a stream; the capture owns the stream from then on.</summary>
    /// <exception cref="InputException">The stream is empty or holds no capture.</exception>
    public static CaptureFile Open(Stream stream, string path) =>
        Open(stream, path, CaptureWindow.DefaultCapacity);

    /// <inheritdoc cref="Open(string)"/>
    /// <exception cref="CaptureException">The same, with the reason that a search counts.</exception>
    /// <param name="stop">Ends the wait for a pipe that is silent, by an exception.</param>
    internal static CaptureFile OpenFound(CapturePath capture, int windowCapacity = CaptureWindow.DefaultCapacity,
        CancellationToken stop = default) => OpenFound(capture.Path == StandardInput
            ? StoppableStream.OpenStandardInput(stop)
            : CaptureStream.Open(capture.Path, stop), capture.Path, windowCapacity, capture.Expansion);

    /// <summary>A regular file never makes its reader wait; a pipe may.</summary>
    public bool HasBacklog { get; private init; }

    /// <summary>
    /// Reads on. The burst may stay empty before the end, while a long damaged place or many blocks without packets are
    /// passed over.
    /// </summary>
    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        var hasMore = reader.Fill(burst);
        Packets += burst.Count;
        return hasMore;
    }

    /// <summary>Describes the damage in one line, with byte offsets; null where there is none.</summary>
    public string? DescribeDamage() => damage.Describe(CaptureFormat.Name(Path), Packets);

    public void Dispose() => window.Dispose();

    internal static CaptureFile Open(Stream stream, string path, int windowCapacity,
        ExpansionLimit? limit = null)
    {
        try
        {
            return OpenFound(stream, path, windowCapacity, limit ?? ExpansionLimit.Default);
        }
        catch (CaptureException e)
        {
            throw new InputException(e.Message, e);
        }
    }

    static CaptureFile OpenFound(Stream stream, string path, int windowCapacity, ExpansionLimit limit)
    {
        var (damage, isFile) = (new DamageLog(), stream.CanSeek);
        var window = new CaptureWindow(CaptureStream.Decompress(stream, path, limit), damage, windowCapacity);
        try
        {
            return new(path, window, damage, mayWait: isFile) { HasBacklog = isFile };
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }
}
