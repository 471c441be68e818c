using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Cascade;

public sealed class DecisionTagTests
{
    /// <summary>Takes up every code that there is.</summary>
    static readonly ServedPlans Plans = new(TinyCascade.Plan(
        [.. Enumerable.Range(0, DecisionTag.MaxLabels).Select(i => $"{i}")],
        [.. Enumerable.Repeat(1, DecisionTag.MaxTiers)]));

    [Fact]
    public void Unpack_OfPack_GivesTheSameAnswer() =>
        Gen.Select(Gen.Int[0, DecisionTag.MaxLabels - 1], Gen.Int[0, DecisionTag.MaxTiers - 1],
            Gen.Int[1, DecisionTag.MaxPackets], Gen.Enum<DecisionReason>(), Gen.Float[0, 1])
            .Sample((label, tier, packets, reason, confidence) =>
            {
                var answer = new Classification { Tier = tier, Reason = reason, PacketsUsed = packets };
                answer.TopLabels[0] = label;
                answer.TopConfidences[0] = confidence;

                var tag = DecisionTag.Pack(answer, Plans.CodesOf(0));
                var back = DecisionTag.Unpack(tag, Plans, out _);

                Assert.True(DecisionTag.IsDecided(tag));
                Assert.Equal((label, tier, packets, reason, confidence),
                    (back.LabelId, back.Tier, back.PacketsUsed, back.Reason, back.Confidence));
            });

    [Fact]
    public void Unpack_OfUnknown_IsUnknownWithItsConfidence()
    {
        var answer = new Classification { IsUnknown = true, Tier = 1, PacketsUsed = 3 };
        answer.TopLabels[0] = 5;
        answer.TopConfidences[0] = 0.75f;

        var back = DecisionTag.Unpack(DecisionTag.Pack(answer, Plans.CodesOf(0)), Plans, out _);

        Assert.True(back.IsUnknown);
        Assert.Equal((Classification.UnknownId, 1, 3, 0.75f),
            (back.LabelId, back.Tier, back.PacketsUsed, back.Confidence));
    }

    [Fact]
    public void Pack_MorePacketsThanItHasRoomFor_SaysTheMostAndLeavesTheRestAlone()
    {
        var answer = new Classification { Tier = 1, PacketsUsed = DecisionTag.MaxPackets + 1 };
        answer.TopLabels[0] = 2;

        var back = DecisionTag.Unpack(DecisionTag.Pack(answer, Plans.CodesOf(0)), Plans, out _);

        Assert.Equal((DecisionTag.MaxPackets, 1, 2), (back.PacketsUsed, back.Tier, back.LabelId));
    }

    [Fact]
    public void IsDecided_UntouchedFlow_IsFalse() => Assert.False(DecisionTag.IsDecided(0));
}
