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

    /// <summary>
    /// Gets the answer that a flow counts with where losses are estimated. An answer that is right where the last tier
    /// is wrong counts as the last tier's. The last tier that is served is trained on more captures than those that
    /// losses are estimated with, and is itself right about most of such flows, so that credit for them would not
    /// recur on other captures.
    /// </summary>
    /// <param name="answer">The answer that is given.</param>
    /// <param name="slow">The last tier's answer.</param>
    /// <param name="label">The flow's true class.</param>
    public static int WithoutCredit(int answer, int slow, int label) => answer == label ? slow : answer;
}
