namespace ServeFlow.Sinks;

/// <summary>Determines whether a reader wants a record. Allocates nothing, and is called on workers' threads.</summary>
public delegate bool RecordPredicate(in FlowRecord record);

/// <summary>
/// Lets readers that come and go see the records of a running sensor as they are made. Each worker has an end of the
/// tap; each reader has a bounded queue for each end. A worker never waits: what finds a queue full is missed by that
/// reader alone, and counted. Without readers a record costs a look at an empty list.
/// </summary>
public sealed class RecordTap
{
    /// <summary>Bounds the memory, with the capacity of each.</summary>
    public const int MaxReaders = 16;

    readonly Lock gate = new();
    readonly List<RecordTapEnd> ends = [];
    int readers;

    /// <summary>Gets how many readers there are.</summary>
    public int Readers => Volatile.Read(ref readers);

    /// <summary>Creates the end of one worker. All ends are created before the first reader comes.</summary>
    public IRecordSink CreateEnd()
    {
        var end = new RecordTapEnd(gate);
        ends.Add(end);
        return end;
    }

    /// <summary>Begins to give a reader the records that it wants, from now on, until it is disposed of.</summary>
    /// <param name="wants">Chooses the records.</param>
    /// <param name="capacity">Records that may wait for the reader, of each worker.</param>
    /// <exception cref="InputException">There are as many readers as there may be.</exception>
    public RecordTapReader Subscribe(RecordPredicate wants, int capacity)
    {
        lock (gate)
        {
            if (readers == MaxReaders)
            {
                throw new InputException($"{MaxReaders} readers follow the records already: end one of them first")
                {
                    IsLimitReached = true,
                };
            }

            readers++;
            return new(this, [.. ends.Select(end => end.Add(wants, capacity))]);
        }
    }

    /// <summary>Ends the delivery to a reader.</summary>
    internal void Remove(IReadOnlyList<QueuedSink> queues)
    {
        lock (gate)
        {
            ends.ForEach(end => end.Remove(queues));
            readers--;
        }
    }
}
