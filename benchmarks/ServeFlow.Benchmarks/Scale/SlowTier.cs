namespace ServeFlow.Benchmarks.Scale;

/// <summary>Describes a last tier that a pool of workers computes.</summary>
sealed record SlowTier
{
    /// <summary>Gets the share of the flows that escalate to it.</summary>
    public required double Share { get; init; }

    /// <summary>Gets nanoseconds of a flow on one thread of a machine that is idle otherwise.</summary>
    public required double PerFlow { get; init; }

    /// <summary>Gets the machines that run <c>serveflow worker</c> with a thread for each of the machine's.</summary>
    public required int Nodes { get; init; }

    /// <summary>Gets the batches that a sensor's own cores score at a time (<c>--cluster-local</c>).</summary>
    public int Local { get; init; }

    /// <summary>Gets the batches of a packet thread that may be away (<c>--cluster-credits</c>).</summary>
    public int Credits { get; init; } = 4;

    /// <summary>Gets the most that a flow waits, in nanoseconds (<c>--cluster-deadline</c>).</summary>
    public double Deadline { get; init; } = 200e6;

    /// <summary>Gets nanoseconds that sending a flow takes the sensor, and the same the worker.</summary>
    public double Transport { get; init; }

    /// <summary>Gets nanoseconds that sending a batch takes the sensor in addition, and the same the worker.</summary>
    public double Call { get; init; }

    /// <summary>Gets the bytes of a flow that are sent to a worker.</summary>
    public double BytesOut { get; init; }

    /// <summary>Gets the bytes of its answer.</summary>
    public double BytesBack { get; init; }

    /// <summary>Gets the bytes that a machine's link carries in a nanosecond, each way.</summary>
    public double LinkBytes { get; init; } = 25e9 / 8 / 1e9;

    /// <summary>Gets the time to a worker and back, in nanoseconds, without that of the link.</summary>
    public double RoundTrip { get; init; } = 200e3;
}
