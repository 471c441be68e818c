namespace ServeFlow.Flows;

/// <summary>Who is told that a timer is due. Implemented by a struct, so that the calls are direct.</summary>
public interface ITimerListener
{
    /// <summary>The timer has fired and is no longer scheduled; it may be scheduled again from here.</summary>
    void Due(int id, long dueNs);
}
