using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Takes batches of a spool to a receiver. Owned by one thread, but for <see cref="Abort"/>. Where a call throws an
/// <see cref="IOException"/>, nobody knows what has arrived of the batches that were not confirmed: they come again.
/// </summary>
public interface IDestination : IDisposable
{
    /// <summary>Gets where it leads, for messages.</summary>
    string Address { get; }

    /// <summary>Sends a batch; connects first where there is no connection. The batch is used again after the call.
    /// </summary>
    /// <exception cref="IOException">The receiver cannot be reached, or has refused the batch.</exception>
    void Send(SpoolBatch batch);

    /// <summary>Counts the batches that the receiver has come to have since the last call, oldest first.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    int Confirm();

    /// <summary>
    /// Ends the connection in order, so that as much as possible is confirmed, and counts the batches that were.
    /// </summary>
    /// <param name="limit">The most time that the receiver may take.</param>
    int Finish(TimeSpan limit);

    /// <summary>Forgets the connection and the batches that were not confirmed.</summary>
    void Reset();

    /// <summary>Makes a call that hangs return with an exception. From any thread.</summary>
    void Abort();
}
