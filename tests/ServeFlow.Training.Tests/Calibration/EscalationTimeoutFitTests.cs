using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

/// <summary>
/// Two classes and two tiers, of one and two packets. The first tier guesses right but is unsure of everything; the
/// second answers 1 only by the second packet, which comes after 8 seconds in half of the flows and never in the
/// others.
/// </summary>
public sealed class EscalationTimeoutFitTests
{
    const int Flows = 400;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void Fit_NothingMayBeLost_IsImpatientOnlyWhereSecondPacketsMendNothing()
    {
        var fitted = Fit(0);

        var limits = Assert.IsAssignableFrom<IReadOnlyList<long>>(fitted.TimeoutsNs[0]);
        Assert.Equal(50_000_000, limits[0]);
        Assert.InRange(limits[1], 8_000_000_000, 10_000_000_000);
        Assert.Null(fitted.TimeoutsNs[1]);
        Assert.Equal(0, fitted.Lost);
    }

    [Fact]
    public void Fit_EverythingMayBeLost_IsImpatientWithAll()
    {
        var fitted = Fit(Flows);

        Assert.All(fitted.TimeoutsNs[0]!, ns => Assert.Equal(50_000_000, ns));
        Assert.Equal(Flows / 4, fitted.Lost);
        Assert.Equal(50, fitted.MeanMs, 6);
    }

    /// <summary>A hundred answers change, all for the worse: a deviation of ten is to be had besides.</summary>
    [Theory]
    [InlineData(100, false)]
    [InlineData(109.9, false)]
    [InlineData(110.1, true)]
    public void Fit_LossOfAHundredAnswers_TakesADeviationMore(double maxLost, bool isTaken)
    {
        var fitted = Fit(maxLost);

        Assert.Equal(isTaken, fitted.TimeoutsNs[0]![1] == 50_000_000);
    }

    [Fact]
    public void Fit_MeanWaits_AreThoseOfTheTable()
    {
        var fitted = Fit(0);

        Assert.Equal((8_000 + 60_000) / 2.0, fitted.MeanMsBefore, 6);
        Assert.Equal((50 + ((8_000 + (fitted.TimeoutsNs[0]![1] / 1e6)) / 2.0)) / 2, fitted.MeanMs, 6);
    }

    static EscalationTimeoutTable Table() => new(new(new(FlowSample.All(Data()), Limit), [1, 2],
        [First(), Second(HasSecond)], (tier, flows, _) => Score(tier, flows)),
        [new(1, UncertaintyMeasure.Margin, [-1, -1]), TierRule.ForLastTier(1, UncertaintyMeasure.Margin, 2)]);

    [Fact]
    public void Fit_ShortestTimeout_IsNotUndercut()
    {
        var fitted = Fit(Flows, shortestNs: 20_000_000_000);

        Assert.All(fitted.TimeoutsNs[0]!, ns => Assert.Equal(20_000_000_000, ns));
        Assert.Equal(0, fitted.Lost);
    }

    static FittedEscalationTimeouts Fit(double maxLost, long shortestNs = 0)
    {
        var fit = new EscalationTimeoutFit(Table(), [.. Enumerable.Range(0, Flows)], 2);
        fit.Lower(maxLost, shortestNs, TestContext.Current.CancellationToken);
        return fit.ToFitted();
    }

    /// <summary>Classes alternate; of each, every other flow has a second packet.</summary>
    static bool HasSecond(int flow) => flow / 2 % 2 == 0;

    static Predictions First() => Rows(f => f % 2);

    static Predictions Second(Func<int, bool> sees) => Rows(f => f % 2 == 1 && sees(f) ? 1 : 0);

    static Predictions Score(int tier, FlowSample flows) => (tier == 0 ? First() : Second(_ => false))
        .Subset([.. Enumerable.Range(0, flows.Count).Select(flows.FlowIndex)]);

    static Predictions Rows(Func<int, int> label)
    {
        var predictions = new Predictions(Flows, 2);
        for (var flow = 0; flow < Flows; flow++)
        {
            (predictions[flow][0], predictions[flow][1]) = label(flow) == 0 ? (0.6f, 0.4f) : (0.4f, 0.6f);
        }

        return predictions;
    }

    static DataSet Data()
    {
        var store = new HeaderStore();
        var flows = new List<LabelledFlow>();
        for (var flow = 0; flow < Flows; flow++)
        {
            HeaderRecord[] packets = [default, new() { SinceFirstMicroseconds = 8_000_000 }];
            var kept = HasSecond(flow) ? packets : packets[..1];
            flows.Add(new(flow % 2, 0, 0, 100_000_000_000, store.Add(kept), kept.Length));
        }

        return new()
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 2,
            Labels = ["steady", "mended"],
            Captures = [new("synthetic.pcap", "")],
            Flows = flows,
            Headers = store,
        };
    }
}
