using System.Buffers;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Takes records to a receiver as a stream of bytes; connects again where the connection has ended.</summary>
/// <param name="address">Where the receiver listens.</param>
/// <param name="framing">Writes records as the receiver has them.</param>
/// <param name="credentials">What is shown and trusted over TLS; null for what the system trusts.</param>
public sealed class StreamDestination(ReceiverAddress address, IRecordFraming framing,
    TlsCredentials? credentials = null) : IDestination
{
    readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>Holds the place in the connection at which each batch ends that is not confirmed.</summary>
    readonly Queue<long> ends = [];

    readonly CancellationTokenSource aborted = new();
    volatile ReceiverConnection? connection;
    bool hasLeft;

    public string Address { get; } = address.ToString();

    public void Send(SpoolBatch batch)
    {
        CheckForEnd();
        bytes.ResetWrittenCount();
        if (connection is null)
        {
            connection = ReceiverConnection.Connect(address, credentials, aborted.Token);
            framing.Begin(bytes);
        }

        for (var i = 0; i < batch.Count; i++)
        {
            framing.Write(batch[i], bytes);
        }

        framing.End(bytes);

        if (aborted.IsCancellationRequested)
        {
            throw new IOException("the sensor stops");
        }

        connection.Write(bytes.WrittenSpan);
        ends.Enqueue(connection.Written);
    }

    public int Confirm()
    {
        CheckForEnd();
        if (connection is not { } open)
        {
            return 0;
        }

        var confirmed = Dequeue(open.CountRead());
        if (open.HasEnded)
        {
            hasLeft = ends.Count > 0;
            Reset();
        }

        return confirmed;
    }

    public int Finish(TimeSpan limit)
    {
        var confirmed = connection?.TryFinish(limit) == true ? Dequeue(long.MaxValue) : 0;
        Reset();
        return confirmed;
    }

    public void Reset()
    {
        connection?.Dispose();
        connection = null;
        ends.Clear();
    }

    public void Abort()
    {
        aborted.Cancel();
        connection?.Dispose();
    }

    public void Dispose() => Reset();

    /// <summary>Once what the receiver had read before it left is confirmed, the rest has to be sent again.</summary>
    void CheckForEnd()
    {
        if (hasLeft)
        {
            hasLeft = false;
            throw new IOException("the receiver has closed the connection");
        }
    }

    int Dequeue(long read)
    {
        var count = 0;
        while (ends.TryPeek(out var end) && end <= read)
        {
            ends.Dequeue();
            count++;
        }

        return count;
    }
}
