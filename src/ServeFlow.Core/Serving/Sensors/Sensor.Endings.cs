namespace ServeFlow.Serving.Sensors;

/// <summary>Brings a sensor to its end within the stop timeout, with nothing lost that can be written in it.</summary>
public sealed partial class Sensor
{
    /// <summary>Specifies how often it is looked whether workers are held up by an output that is stuck.</summary>
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    /// <summary>Specifies what an output may take when the time is over, so that one that is at work can end.</summary>
    static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Waits until the workers have ended and the outputs have written what they were given. The stop timeout begins
    /// to run at the latest when the workers have ended, unless they wait for every record anyway.
    /// </summary>
    /// <returns>True when that is done, or when the stop timeout is over.</returns>
    public bool WaitForRecords(TimeSpan timeout)
    {
        PollDrift();
        var limit = new TimeLimit(timeout);
        if (!Wait(timeout))
        {
            AbandonWhenLate();
            return time.Left == TimeSpan.Zero;
        }

        FinishOutputs();
        return HaveOutputsEnded(limit.Left) || time.Left == TimeSpan.Zero;
    }

    /// <summary>Outputs for which workers have waited too long have no claim on what is left of the time.</summary>
    void AbandonWhenLate()
    {
        if (time.LeftForWorkers == TimeSpan.Zero)
        {
            sinks.ForEach(sink => sink.ForEachQueue(queue => queue.Abandon()));
            dumps.ForEach(tap => tap.Abandon());
        }
    }

    /// <summary>The workers have ended: outputs write what is left, for as long as there is time.</summary>
    void FinishOutputs()
    {
        PollDrift();
        if (!sinks.TrueForAll(sink => sink.IsLossless))
        {
            time.Begin();
        }

        sinks.ForEach(sink => sink.Finish(time.Left));
        dump?.Finish(time.Left);
    }

    bool HaveOutputsEnded(TimeSpan timeout)
    {
        var limit = new TimeLimit(timeout);
        return sinks.TrueForAll(sink => sink.Join(limit.Left)) && dump?.Join(limit.Left) != false;
    }

    /// <summary>The time is over: what still hangs in a write is given up, and accounted for.</summary>
    void LeaveStuckThreads()
    {
        workers.ForEach(worker => worker.Join(Timeout.InfiniteTimeSpan));
        FinishOutputs();
        HaveOutputsEnded(LastMoment);
        foreach (var sink in sinks.Where(sink => !sink.Join(TimeSpan.Zero)))
        {
            sink.LeaveBehind();
        }

        if (dump?.Join(TimeSpan.Zero) == false)
        {
            dump.LeaveBehind();
        }
    }
}
