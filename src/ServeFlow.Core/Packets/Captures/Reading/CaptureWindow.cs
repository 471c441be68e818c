using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Packets.Captures.Reading;

/// <summary>
/// A pinned window that slides over a stream. Bytes inside it do not move as long as <see cref="TryBuffer"/> is called
/// with <c>mayMove: false</c>, so packets that point into it stay valid until the next burst begins.
/// </summary>
sealed unsafe class CaptureWindow(Stream stream, DamageLog damage, int capacity) : IDisposable
{
    /// <summary>Large enough for the longest record of most captures, small enough to stay in the L2 cache.</summary>
#if DEBUG
    public const int DefaultCapacity = 1 << 12;
#else
    public const int DefaultCapacity = 1 << 18;
#endif

    byte[] buffer = GC.AllocateUninitializedArray<byte>(capacity, pinned: true);
    int start;
    int end;

    /// <summary>Gets the bytes that were read and not yet passed.</summary>
    public ReadOnlySpan<byte> Available => buffer.AsSpan(start, end - start);

    /// <summary>Gets the address of the first available byte; valid until bytes are moved.</summary>
    public byte* Pointer => (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref buffer[0]) + start;

    /// <summary>Gets the offset of the first available byte in the (decompressed) stream.</summary>
    public long Offset { get; private set; }

    public bool StreamEnded { get; private set; }

    /// <summary>
    /// Sees to it that <paramref name="length"/> bytes are available. Without <paramref name="mayMove"/> it neither
    /// moves bytes nor waits for the stream, and only says whether they are there.
    /// </summary>
    public bool TryBuffer(int length, bool mayMove)
    {
        if (end - start >= length)
        {
            return true;
        }

        if (!mayMove || StreamEnded)
        {
            return false;
        }

        MakeRoom(length);
        while (end - start < length && !StreamEnded)
        {
            Read();
        }

        return end - start >= length;
    }

    /// <summary>Moves past available bytes.</summary>
    public void Advance(int length)
    {
        start += length;
        Offset += length;
    }

    /// <summary>
    /// Moves past bytes that need not be in the window; moves and reads. False at the end of the stream.
    /// </summary>
    public bool TrySkip(long length)
    {
        while (length > 0)
        {
            if (!TryBuffer(1, mayMove: true))
            {
                return false;
            }

            var step = (int)Math.Min(length, end - start);
            Advance(step);
            length -= step;
        }

        return true;
    }

    public void Dispose() => stream.Dispose();

    void MakeRoom(int length)
    {
        if (buffer.Length - start >= length && buffer.Length - end >= buffer.Length / 2)
        {
            return;
        }

        var target = length <= buffer.Length ? buffer : GC.AllocateUninitializedArray<byte>(length * 2, pinned: true);
        Available.CopyTo(target);
        buffer = target;
        end -= start;
        start = 0;
    }

    void Read()
    {
        try
        {
            var count = stream.Read(buffer, end, buffer.Length - end);
            end += count;
            StreamEnded = count == 0;
        }
        catch (InvalidDataException)
        {
            Fail(DamageReason.CorruptCompression);
        }
        catch (ExpansionException)
        {
            Fail(DamageReason.ExpansionLimit);
        }
        catch (IOException)
        {
            Fail(DamageReason.ReadFailed);
        }
    }

    void Fail(DamageReason reason)
    {
        StreamEnded = true;
        damage.Add(Offset + end - start, reason);
    }
}
