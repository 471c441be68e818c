namespace ServeFlow.Flows;

/// <summary>Tells why a decoded packet belongs to no flow. Each reason is counted.</summary>
public enum UntrackedReason
{
    /// <summary>A fragment other than the first has no ports.</summary>
    LaterFragment,

    /// <summary>The capture shows the packet a second time, and such copies were to be left out.</summary>
    Duplicate,
}
