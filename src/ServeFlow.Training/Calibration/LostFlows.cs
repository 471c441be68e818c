using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>Tells which flows are lost by answering early.</summary>
public static class LostFlows
{
    /// <summary>
    /// Counts the flows that are answered wrongly and that the last tier, asked at once, would have answered rightly.
    /// </summary>
    /// <param name="slow">The last tier's predictions of the flows.</param>
    public static int Count(CascadeRun run, Predictions slow, FlowSample flows) =>
        Enumerable.Range(0, run.Flows).Count(flow => IsLost(run.Answer(flow), slow, flows, flow));

    /// <summary>Determines whether an answer to a flow loses it.</summary>
    public static bool IsLost(int answer, Predictions slow, FlowSample flows, int flow) =>
        answer != flows.Labels[flow] && slow.TopClass(flow) == flows.Labels[flow];
}
