namespace ServeFlow.Benchmarks.Scale;

/// <summary>Describes what is simulated: sensors, their traffic, and the workers of their cluster.</summary>
sealed record Site
{
    /// <summary>Gets the new flows a second of all sensors.</summary>
    public required double FlowsPerSecond { get; init; }

    /// <summary>Gets the machines that run <c>serve</c>, one process each.</summary>
    public int Sensors { get; init; } = 1;

    /// <summary>Gets the packet threads of a sensor (<c>--workers</c>).</summary>
    public int Workers { get; init; } = 12;

    /// <summary>Gets the packets of a flow, for the ring that holds 65,536 of them.</summary>
    public int PacketsPerFlow { get; init; } = 10;

    /// <summary>Gets what a packet thread takes for flows.</summary>
    public required SensorCosts Costs { get; init; }

    /// <summary>Gets the machine of sensors and workers.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Gets what the sink takes for the records of a flow, in nanoseconds; 0 where there are none.</summary>
    public double SinkPerFlow { get; init; }

    /// <summary>Gets the records that may wait for the sink (<c>--queue</c>), of all packet threads.</summary>
    public double SinkQueue { get; init; } = double.PositiveInfinity;

    /// <summary>Gets the slow tier; null where sensors score every tier themselves.</summary>
    public SlowTier? Slow { get; init; }

    /// <summary>Gets the simulated seconds that count.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>Gets the simulated seconds before them.</summary>
    public double WarmUpSeconds { get; init; } = 0.5;

    public ulong Seed { get; init; } = 1;
}
