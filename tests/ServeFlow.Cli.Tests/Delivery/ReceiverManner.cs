namespace ServeFlow.Cli.Tests.Delivery;

/// <summary>Says how a receiver takes a connection.</summary>
/// <param name="StallsAfter">The bytes after which it reads no more until the sensor is gone.</param>
/// <param name="ReadsTheRest">Whether it reads on then; otherwise what it had not read is lost.</param>
sealed record ReceiverManner(long StallsAfter, bool ReadsTheRest)
{
    /// <summary>Gets what ends a stall.</summary>
    public ManualResetEventSlim SensorIsGone { get; } = new();
}
