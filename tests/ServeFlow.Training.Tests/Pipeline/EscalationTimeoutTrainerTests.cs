using ServeFlow.Features;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.TierSelection;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.Pipeline;

/// <summary>
/// Captures of fifty flows, two tiers, of one and two packets. The first tier is sure and right about 32 flows of each
/// capture, half sure and as often wrong as right about three, and wrong about the rest. One in ten of these has its
/// second packet after 55 seconds and needs it; the others never have one.
/// </summary>
public sealed class EscalationTimeoutTrainerTests
{
    const int Captures = 24;

    const int Flows = 50 * Captures;

    const double MaxLoss = 0.04;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    static readonly FlowSample Sample = FlowSample.All(Data());

    [Fact]
    public void FitTimeouts_LittleLossIsLeft_GivesUpFewEarlyAnswersForMuchShorterWaits()
    {
        var (widest, fitted) = Fit(new());

        Assert.Equal(0.70, widest.Estimate.Level.FirstDepthShare, 2);
        Assert.Equal(0.64, fitted.Calibration.Estimate.Level.FirstDepthShare, 2);
        Assert.InRange(widest.MeanMs, 17_000, 18_100);
        Assert.InRange(fitted.EscalationTimeouts!.MeanMs, 0, 9_000);
        Assert.Equal(0.06, fitted.EscalationTimeouts.GivenUpShare, 3);
        Assert.InRange(fitted.Calibration.Estimate.Level.LossBound, 0, MaxLoss);
    }

    [Fact]
    public void FitTimeouts_PromiseOrShareThatMayWait_GivesUpNoEarlyAnswers()
    {
        var promised = Fit(new(), new LossPromise(0.3, 0.6)).Fitted;
        var budgeted = Fit(new() { Budget = 0.3 }).Fitted;

        Assert.Equal(0.70, promised.Calibration.Estimate.Level.FirstDepthShare, 2);
        Assert.Equal(0.70, budgeted.Calibration.Estimate.Level.FirstDepthShare, 2);
    }

    static ((LossEstimate Estimate, double MeanMs) Widest, PlacedCascade Fitted) Fit(AssignmentGoal goal,
        LossPromise? promise = null)
    {
        var options = new PlacementOptions
        {
            Goal = goal with { MaxLoss = MaxLoss },
            Tiers = [new("dt", 1), new("lgbm", 2)],
            Promise = promise,
        };
        int[] parts = [.. Sample.Captures.Select(capture => capture % 4)];
        var run = new PlacementRun(Sample, parts, [Candidate("dt", 1), Candidate("lgbm", 2)], options,
            TestContext.Current.CancellationToken);
        return ((run.Cascade.Calibration.Estimate, run.Cascade.Measure(Sample).MeanMs), EscalationTimeoutTrainer
            .FitTimeouts(run.Cascade, run, run.Chosen, MaxLoss / 2, TestContext.Current.CancellationToken));
    }

    static bool IsSure(int flow) => flow % 50 < 32;

    static bool IsHalfSure(int flow) => flow % 50 is >= 32 and < 35;

    static bool IsHalfSureAndWrong(int flow) => flow % 50 == 32 || (flow % 50 == 33 && Capture(flow) % 8 < 4);

    /// <summary>Determines whether the flow's second packet comes late; without it the second tier is wrong.</summary>
    static bool IsLate(int flow) => flow % 50 == 35 || (flow % 50 == 36 && Capture(flow) % 8 < 4);

    static int Capture(int flow) => flow / 50;

    static int Label(int flow) => flow % 2;

    static TierCandidate Candidate(string model, int depth) => TierCandidates.New(model, depth,
        depth == 1 ? First() : Second(_ => true), f => WaitTime.Compute(Sample, f, depth, Limit).ReadyNs, Sample) with
    {
        ScorePackets = (flows, packets) => (depth == 1 ? First() : Second(_ => false))
            .Subset([.. Enumerable.Range(0, flows.Count).Select(flows.FlowIndex)]),
    };

    static Predictions First() => Rows(flow => IsSure(flow) || (IsHalfSure(flow) && !IsHalfSureAndWrong(flow)),
        flow => IsSure(flow) ? 0.99f : IsHalfSure(flow) ? 0.75f : 0.55f);

    static Predictions Second(Func<int, bool> seesLate) => Rows(flow => !IsLate(flow) || seesLate(flow), _ => 0.99f);

    static Predictions Rows(Func<int, bool> isRight, Func<int, float> confidence)
    {
        var predictions = new Predictions(Flows, 2);
        for (var flow = 0; flow < Flows; flow++)
        {
            var answer = isRight(flow) ? Label(flow) : 1 - Label(flow);
            (predictions[flow][answer], predictions[flow][1 - answer]) = (confidence(flow), 1 - confidence(flow));
        }

        return predictions;
    }

    static DataSet Data()
    {
        var store = new HeaderStore();
        var flows = new List<LabelledFlow>();
        for (var flow = 0; flow < Flows; flow++)
        {
            var second = new HeaderRecord { SinceFirstMicroseconds = IsLate(flow) ? 55_000_000u : 1_000u };
            HeaderRecord[] packets = IsSure(flow) || IsHalfSure(flow) || IsLate(flow) ? [default, second] : [default];
            flows.Add(new(Label(flow), Capture(flow), 0, 100_000_000_000, store.Add(packets), packets.Length));
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 2,
            Labels = ["even", "odd"],
            Captures = [.. Enumerable.Range(0, Captures).Select(number => new Capture($"{number}.pcap", $"{number}"))],
            Flows = flows,
            Headers = store,
        };
    }
}
