using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Packs what a decided flow keeps of its classification into the eight bytes that the flow table spares for it. From
/// the lowest bit: decided 1, reason 3, tier 6, packets used 10, label 14, confidence 30. A confidence is the bit
/// pattern of a float from 0 to 1, whose upper two bits are always 0, so it comes back exactly.
/// </summary>
readonly struct DecisionTag
{
    /// <summary>The highest number of a label stands for none: unknown.</summary>
    public const int MaxLabels = (1 << LabelBits) - 1;

    public const int MaxTiers = 1 << TierBits;
    public const int MaxPackets = (1 << PacketBits) - 1;

    const int ReasonBits = 3;
    const int TierBits = 6;
    const int PacketBits = 10;
    const int LabelBits = 14;

    const int ReasonAt = 1;
    const int TierAt = ReasonAt + ReasonBits;
    const int PacketsAt = TierAt + TierBits;
    const int LabelAt = PacketsAt + PacketBits;
    const int ConfidenceAt = LabelAt + LabelBits;

    public static bool IsDecided(ulong tag) => (tag & 1) != 0;

    public static ulong Pack(in Classification answer) =>
        1
        | ((ulong)answer.Reason << ReasonAt)
        | ((ulong)answer.Tier << TierAt)
        | ((ulong)Math.Min(answer.PacketsUsed, MaxPackets) << PacketsAt)
        | ((ulong)(answer.IsUnknown ? MaxLabels : answer.LabelId) << LabelAt)
        | ((ulong)BitConverter.SingleToUInt32Bits(Math.Clamp(answer.Confidence, 0, 1)) << ConfidenceAt);

    public static Classification Unpack(ulong tag)
    {
        var answer = new Classification
        {
            Reason = (DecisionReason)Field(tag, ReasonAt, ReasonBits),
            Tier = Field(tag, TierAt, TierBits),
            PacketsUsed = Field(tag, PacketsAt, PacketBits),
            Revision = 1,
        };
        var label = Field(tag, LabelAt, LabelBits);
        answer.IsUnknown = label == MaxLabels;
        answer.TopLabels[0] = answer.IsUnknown ? -1 : label;
        answer.TopLabels[1] = answer.TopLabels[2] = -1;
        answer.TopConfidences[0] = BitConverter.UInt32BitsToSingle((uint)(tag >> ConfidenceAt));
        return answer;
    }

    static int Field(ulong tag, int at, int bits) => (int)(tag >> at) & ((1 << bits) - 1);
}
