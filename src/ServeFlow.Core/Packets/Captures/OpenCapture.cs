using ServeFlow.Packets.Clocks;

namespace ServeFlow.Packets.Captures;

/// <summary>Represents a capture that a <see cref="CaptureSequence"/> is reading, with the packets that it gave
/// last.</summary>
sealed class OpenCapture : IDisposable
{
    readonly CaptureFile file;
    readonly SteadySource steady;
    readonly PacketBurst burst = new();
    readonly ReadMeter? meter;
    readonly long size;
    long metered;
    int next;

    /// <exception cref="CaptureException">It cannot be opened.</exception>
    public OpenCapture(CapturePath capture, int order, ReadMeter? meter, int windowCapacity, CancellationToken stop)
    {
        (Name, Order, this.meter) = (capture.Name, order, meter);
        file = CaptureFile.OpenFound(capture, windowCapacity, stop);
        steady = new(file);
        size = ReadMeter.Size(capture);
    }

    public string Name { get; }

    /// <summary>Gets its position in the sequence.</summary>
    public int Order { get; }

    public bool HasBacklog => next < burst.Count || steady.HasBacklog;

    /// <summary>Gets whether all packets that were polled have been taken.</summary>
    public bool IsDrained => next == burst.Count;

    /// <summary>Gets the time of the next packet; only where it is not drained.</summary>
    public long HeadNs => burst.Packets[next].TimestampNs;

    /// <summary>Gets the outcome so far.</summary>
    public CaptureOutcome Outcome => new(Name, file.DescribeDamage(), !file.IsUnreadable) { Packets = file.Packets };

    /// <summary>Polls more packets where all have been taken; false at the end of the capture.</summary>
    /// <param name="outliers">Grows by the packets that had a wrong time.</param>
    public bool Refill(ref int outliers)
    {
        next = 0;
        var goesOn = PollInto(burst);
        outliers += burst.Outliers;
        return goesOn;
    }

    /// <summary>Polls packets that are not kept here; false at the end of the capture.</summary>
    public bool PollInto(PacketBurst target)
    {
        var goesOn = steady.Poll(target);

        // A compressed file yields more bytes than it has: it counts as read up to its size, the rest at its end.
        var position = goesOn ? Math.Min(file.Bytes, size) : size;
        meter?.Add(position - metered);
        metered = position;
        return goesOn;
    }

    /// <summary>Takes the next packet.</summary>
    public ref readonly PacketSlot Take() => ref burst.Packets[next++];

    public void Dispose() => steady.Dispose();
}
