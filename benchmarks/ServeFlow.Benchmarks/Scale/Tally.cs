namespace ServeFlow.Benchmarks.Scale;

/// <summary>Names what became of a flow that was to be answered by the slow tier, as records and metrics do.</summary>
enum SlowOutcome
{
    /// <summary>The slow tier answered in time.</summary>
    Answered,

    /// <summary>The deadline passed first.</summary>
    Late,

    /// <summary>Every worker that was asked had its queue full.</summary>
    Lost,

    /// <summary>All batches were away and the next one was full, or it could not be sent by its deadline.</summary>
    NoCredit,
}

/// <summary>Counts what became of the flows of a run, without those of its warm-up.</summary>
/// <param name="events">The run's time.</param>
/// <param name="begin">When counting begins, in nanoseconds.</param>
sealed class Tally(EventQueue events, long begin)
{
    readonly double[] outcomes = new double[Enum.GetValues<SlowOutcome>().Length];

    /// <summary>Gets how long flows that a sensor answers itself waited for a thread.</summary>
    public WaitTimes Sensor { get; } = new();

    /// <summary>Gets how long flows waited for the slow tier's answer, from when they escalated.</summary>
    public WaitTimes Slow { get; } = new();

    /// <summary>Gets the flows that came.</summary>
    public double Offered { get; private set; }

    /// <summary>Gets the flows that found the ring of packets full.</summary>
    public double Dropped { get; private set; }

    /// <summary>Gets the records that found the queue of an output full.</summary>
    public double RecordsLost { get; private set; }

    /// <summary>Gets the batches that were sent to the slow tier.</summary>
    public double Batches { get; private set; }

    /// <summary>Gets the bytes that were sent to workers and back.</summary>
    public double Bytes { get; private set; }

    bool Counts => events.Now >= begin;

    /// <summary>Gets the flows of an outcome.</summary>
    public double Flows(SlowOutcome outcome) => outcomes[(int)outcome];

    public void Arrive(int flows) => Offered += Counts ? flows : 0;

    public void Drop(int flows) => Dropped += Counts ? flows : 0;

    public void LoseRecords(double records) => RecordsLost += Counts ? records : 0;

    public void SendBatch() => Batches += Counts ? 1 : 0;

    public void Send(double bytes) => Bytes += Counts ? bytes : 0;

    /// <summary>Counts flows that a sensor answered.</summary>
    public void AnswerInSensor(double waited, double flows)
    {
        if (Counts)
        {
            Sensor.Add(waited, flows);
        }
    }

    /// <summary>Counts flows that escalated.</summary>
    public void Finish(SlowOutcome outcome, double waited, double flows)
    {
        if (!Counts)
        {
            return;
        }

        outcomes[(int)outcome] += flows;
        if (outcome == SlowOutcome.Answered)
        {
            Slow.Add(waited, flows);
        }
    }
}
