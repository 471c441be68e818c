using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Holds what can be asked of a worker.</summary>
public sealed record WorkerOptions
{
    public FlowOptions Flows { get; init; } = new();

    /// <summary>
    /// Limits the undecided flows; beyond it the oldest is answered with what is there (<c>overload</c>). Each costs a
    /// bit for each question that tiers ask of its packets, some 170 bytes at ten packets; or 192 bytes a packet of
    /// the deepest tier where tiers have to see headers: by default 120 MB at ten packets.
    /// </summary>
    public int MaxUndecided { get; init; } = 1 << 16;

    /// <summary>Gets whether headers are kept of undecided flows even where answers to what tiers ask of them would do.
    /// Records are the same: tests compare the two.</summary>
    internal bool KeepsHeaders { get; init; }
}
