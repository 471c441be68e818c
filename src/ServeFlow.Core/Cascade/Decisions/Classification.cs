using System.Runtime.CompilerServices;

namespace ServeFlow.Cascade.Decisions;

/// <summary>Tells why a flow was answered when it was. Records spell the names in snake case.</summary>
public enum DecisionReason
{
    /// <summary>A tier's uncertainty was at or below its threshold.</summary>
    Confident,

    /// <summary>The last tier answered a flow that all earlier ones were unsure of.</summary>
    Escalated,

    /// <summary>
    /// The flow ended before the next tier had all its packets: the answer of that tier on what there was.
    /// </summary>
    FlowEnded,

    /// <summary>
    /// The wait limit passed before the next tier had all its packets: the answer of that tier on what there was.
    /// </summary>
    WaitTimeout,

    /// <summary>A later tier had fallen behind: the best prediction so far.</summary>
    Overload,

    /// <summary>A later tier could not be reached: the best prediction so far.</summary>
    TierUnavailable,

    /// <summary>No model is loaded.</summary>
    NoModel,

    /// <summary>No flow of training was of its network or transport protocol: unknown, and no tier was asked.</summary>
    UnknownProtocol,
}

/// <summary>Represents the answer for one flow: what a tier predicted and why that prediction stands.</summary>
public struct Classification
{
    /// <summary>Limits the number of alternatives that a record carries.</summary>
    public const int TopCount = 3;

    /// <summary>Names a flow that resembles no class of the bundle.</summary>
    public const string UnknownLabel = "unknown";

    /// <summary>Specifies the number that stands for <see cref="UnknownLabel"/>, which is no place among the
    /// labels.</summary>
    public const int UnknownId = -1;

    /// <summary>Holds the predicted classes, most probable first; −1 fills up where there are fewer classes.</summary>
    public TopClasses TopLabels;

    /// <summary>Calibrated probabilities of <see cref="TopLabels"/>.</summary>
    public TopProbabilities TopConfidences;

    /// <summary>Holds the number of the tier whose prediction this is, from 0.</summary>
    public int Tier;

    public DecisionReason Reason;

    public float Uncertainty;

    /// <summary>Holds the threshold that the uncertainty was held against; +∞ at the last tier.</summary>
    public float Threshold;

    /// <summary>Holds the number of packets of the flow that the prediction has seen.</summary>
    public int PacketsUsed;

    /// <summary>
    /// Packet time at which the answer was due: the last packet it used, the end of the flow or the wait limit.
    /// </summary>
    public long DecidedNs;

    /// <summary>Holds the packet time of the first packet of what was classified, a flow or a window of one.</summary>
    public long FirstNs;

    /// <summary>Holds the number of predictions given for this flow, this one included.</summary>
    public int Revision;

    /// <summary>
    /// Holds how little the flow resembles those trained on, from 0 to 1; 0 where the tier does not compute it.
    /// </summary>
    public float Novelty;

    /// <summary>
    /// Holds the threshold that the novelty was compared with, above 0; 0 where the tier does not compute novelty.
    /// </summary>
    public float NoveltyThreshold;

    /// <summary>The flow is of no class that the bundle knows: <see cref="TopLabels"/> are its guesses.</summary>
    public bool IsUnknown;

    /// <summary>Creates the answer for a flow whose protocol was not in training: its first packet decides, and there
    /// are no guesses.</summary>
    /// <param name="firstNs">Packet time of the flow's, or the window's, first packet.</param>
    public static Classification ForUnknownProtocol(long firstNs)
    {
        var answer = new Classification
        {
            IsUnknown = true,
            Reason = DecisionReason.UnknownProtocol,
            Uncertainty = 1,
            Threshold = float.PositiveInfinity,
            PacketsUsed = 1,
            FirstNs = firstNs,
            DecidedNs = firstNs,
            Revision = 1,
        };
        answer.TopLabels[0] = answer.TopLabels[1] = answer.TopLabels[2] = UnknownId;
        return answer;
    }

    /// <summary>Gets a place among the labels, or <see cref="UnknownId"/>.</summary>
    public readonly int LabelId => IsUnknown ? UnknownId : TopLabels[0];

    /// <summary>Gets the probability of the best known class, which is the label unless the flow is unknown.</summary>
    public readonly float Confidence => TopConfidences[0];

    [InlineArray(TopCount)]
    public struct TopClasses
    {
        int first;
    }

    [InlineArray(TopCount)]
    public struct TopProbabilities
    {
        float first;
    }
}
