using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Holds what can be asked of a worker.</summary>
public sealed record WorkerOptions
{
    public FlowOptions Flows { get; init; } = new();

    /// <summary>
    /// Limits the undecided flows; beyond it the oldest is answered with what is there (<c>overload</c>). Each costs
    /// 192 bytes a packet of the deepest tier: by default 120 MB at ten packets.
    /// </summary>
    public int MaxUndecided { get; init; } = 1 << 16;
}
