using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers;

/// <summary>Sees every packet of every flow on its way through a worker, on the worker's thread.</summary>
interface IFlowTap
{
    /// <summary>A packet was counted into a flow; whether that is decided by then, its tag says.</summary>
    void OnPacket(in PacketSlot packet, in Flow flow);
}
