namespace ServeFlow.Benchmarks.Scale;

/// <summary>Names where a batch for the slow tier is.</summary>
enum BatchState
{
    /// <summary>It holds no flows.</summary>
    Free,

    /// <summary>It takes flows, and is not sent yet.</summary>
    Filling,

    /// <summary>It is away, and its flows wait.</summary>
    Sent,

    /// <summary>A core of the sensor still computes it, and its flows wait no longer.</summary>
    GivenUp,
}

/// <summary>Represents a batch of flows for the slow tier.</summary>
sealed class SlowBatch
{
    /// <summary>Holds when flows joined, and how many.</summary>
    public readonly List<(long At, int Flows)> Joined = [];

    public BatchState State;

    /// <summary>Counts how often the batch was used anew: what belongs to an earlier use comes too late.</summary>
    public int Use;

    public int Flows;

    /// <summary>Holds when its first flow joined.</summary>
    public long Began;

    /// <summary>Holds whether it may be sent again.</summary>
    public bool MayRetry;

    /// <summary>Holds nanoseconds before it is sent again.</summary>
    public double Pause;

    /// <summary>Holds whether a core of the sensor computes it.</summary>
    public bool IsLocal;
}
