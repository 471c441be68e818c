using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Cascade;

/// <summary>
/// Packs what a decided flow keeps of its classification into the eight bytes that the flow table spares for it. From
/// the lowest bit: decided 1, reason 3, packets used 10, plan, tier and label 20, confidence 30. A confidence is the
/// bit pattern of a float from 0 to 1, whose upper two bits are always 0, so it comes back exactly.
/// </summary>
readonly struct DecisionTag
{
    /// <summary>The highest number of a label stands for none: unknown.</summary>
    public const int MaxLabels = (1 << 14) - 1;

    public const int MaxTiers = 1 << 6;
    public const int MaxPackets = (1 << PacketBits) - 1;

    const int ReasonBits = 3;
    const int PacketBits = 10;
    const int CodeBits = 20;

    const int ReasonAt = 1;
    const int PacketsAt = ReasonAt + ReasonBits;
    const int CodeAt = PacketsAt + PacketBits;
    const int ConfidenceAt = CodeAt + CodeBits;

    public static bool IsDecided(ulong tag) => (tag & 1) != 0;

    /// <param name="codes">Those of the plan whose answer it is.</param>
    public static ulong Pack(in Classification answer, AnswerCodes codes) =>
        1
        | ((ulong)answer.Reason << ReasonAt)
        | ((ulong)Math.Min(answer.PacketsUsed, MaxPackets) << PacketsAt)
        | ((ulong)codes.Encode(answer.Tier, answer.LabelId) << CodeAt)
        | ((ulong)BitConverter.SingleToUInt32Bits(Math.Clamp(answer.Confidence, 0, 1)) << ConfidenceAt);

    /// <param name="plans">The plans that answered since the start.</param>
    /// <param name="model">Receives the number of the plan whose answer it is.</param>
    public static Classification Unpack(ulong tag, ServedPlans plans, out int model)
    {
        var code = Field(tag, CodeAt, CodeBits);
        model = plans.FindModel(code, out var codes);
        var (tier, label) = codes.Decode(code);
        var answer = new Classification
        {
            Reason = (DecisionReason)Field(tag, ReasonAt, ReasonBits),
            Tier = tier,
            PacketsUsed = Field(tag, PacketsAt, PacketBits),
            Revision = 1,
            IsUnknown = label < 0,
        };
        answer.TopLabels[0] = label;
        answer.TopLabels[1] = answer.TopLabels[2] = -1;
        answer.TopConfidences[0] = BitConverter.UInt32BitsToSingle((uint)(tag >> ConfidenceAt));
        return answer;
    }

    static int Field(ulong tag, int at, int bits) => (int)(tag >> at) & ((1 << bits) - 1);
}
