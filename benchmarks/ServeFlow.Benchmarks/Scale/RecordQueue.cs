namespace ServeFlow.Benchmarks.Scale;

/// <summary>Holds the records of a sensor that wait for its sink, which has a thread of its own.</summary>
/// <param name="perFlow">Nanoseconds that the records of a flow take the sink; 0 where nothing is written.</param>
/// <param name="capacity">The records that may wait.</param>
sealed class RecordQueue(EventQueue events, Tally tally, double perFlow, double capacity)
{
    /// <summary>A flow has a record of its answer and one of its end.</summary>
    const int RecordsPerFlow = 2;

    double waiting;
    long seen;

    public void Add(int flows)
    {
        if (perFlow <= 0)
        {
            return;
        }

        var written = (events.Now - seen) / perFlow * RecordsPerFlow;
        waiting = Math.Max(0, waiting - written) + (flows * RecordsPerFlow);
        seen = events.Now;
        tally.LoseRecords(Math.Max(0, waiting - capacity));
        waiting = Math.Min(waiting, capacity);
    }
}
