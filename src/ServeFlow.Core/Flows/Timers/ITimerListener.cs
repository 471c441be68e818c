namespace ServeFlow.Flows.Timers;

/// <summary>Is told when a timer is due. Implemented by a struct, so that the calls are direct.</summary>
interface ITimerListener
{
    /// <summary>The timer is likely to fire soon: time to ask for its memory.</summary>
    void PrefetchEarly(int id);

    /// <summary>It fires sooner still: its memory is there, and what it leads to can be asked for.</summary>
    void PrefetchLate(int id);

    /// <summary>The timer has fired and is no longer scheduled; it may be scheduled again from here.</summary>
    void Due(int id, long dueNs);
}
