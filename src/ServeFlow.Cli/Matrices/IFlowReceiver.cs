using ServeFlow.Features;
using ServeFlow.Flows;

namespace ServeFlow.Cli.Matrices;

/// <summary>Takes the flows of one capture as their first packets are complete.</summary>
interface IFlowReceiver
{
    /// <summary>A flow begins; false leaves it out.</summary>
    bool Begin(ref Flow flow);

    /// <summary>The flow's first packets are complete, or it has ended. The records are valid during the call.</summary>
    void Receive(in Flow flow, ReadOnlySpan<HeaderRecord> packets);
}
