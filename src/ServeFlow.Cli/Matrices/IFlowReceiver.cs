using ServeFlow.Features;
using ServeFlow.Flows;

namespace ServeFlow.Cli.Matrices;

/// <summary>Takes the flows of one capture after the other as their first packets are complete.</summary>
interface IFlowReceiver
{
    /// <summary>Flows that were taken and lead to a row.</summary>
    long Rows { get; }

    /// <param name="place">The capture's place among those read.</param>
    /// <param name="name">The capture's name in rows.</param>
    void BeginCapture(int place, string name);

    /// <summary>A flow begins; false leaves it out.</summary>
    bool Begin(ref Flow flow);

    /// <summary>
    /// The first packets of a flow, or of a window of it, are complete, or its time is over. The records are valid
    /// during the call.
    /// </summary>
    void Receive(in Flow flow, in GatheredUnit unit, ReadOnlySpan<HeaderRecord> packets);

    /// <summary>The capture and all its flows have ended.</summary>
    /// <param name="fromNs">Time of its first packet.</param>
    /// <param name="toNs">Time of its last.</param>
    void EndCapture(long fromNs, long toNs);
}

/// <summary>A flow, or a window of one.</summary>
/// <param name="Window">Number of the window; 0 for a flow.</param>
/// <param name="FirstNs">Time of its first packet.</param>
readonly record struct GatheredUnit(long Window, long FirstNs);
