using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Drift;
using Xunit;

namespace ServeFlow.Training.Tests.Drift;

/// <summary>
/// Thresholds on made-up sites: each site has its own mix of four classes and its own confidence, so that flows of one
/// capture are anything but independent.
/// </summary>
public sealed class DriftTrainerTests
{
    const int Classes = 4;
    const int Captures = 60;

    static readonly string[] Labels = ["dns", "mail", "video", "web"];

    /// <summary>Weeks of a window each ten minutes. 100 take half a minute; SERVEFLOW_DRIFT_WEEKS asks for them.
    /// </summary>
    static readonly int Weeks =
        int.Parse(Environment.GetEnvironmentVariable("SERVEFLOW_DRIFT_WEEKS") ?? "10",
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Sites that the baseline has not seen raise no more alarms than is said: about one in 100 weeks.
    /// </summary>
    [Fact]
    public void Create_WeeksOfOtherSitesWithoutDrift_RaiseAlarmsAtTheStatedRate()
    {
        var random = new Random(7);
        var baseline = Baseline(new(1));
        var monitor = Monitor(baseline);
        var windows = (long)Weeks * 7 * 24 * 6;

        while (monitor.State.Windows < windows)
        {
            Play(monitor, Site(random));
        }

        var expected = (double)windows / DriftBaseline.DefaultWindowsPerAlarm;
        Assert.InRange(monitor.State.Alarms, 0, (long)(expected + (3 * Math.Sqrt(expected))) + 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{monitor.State.Alarms} alarms in {windows} windows");
    }

    /// <summary>A class whose flows become those of an unknown service is noticed within 2,000 flows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Create_ClassIsReplaced_IsNoticedWithin2000Flows(int seed)
    {
        var random = new Random(seed);
        var monitor = Monitor(Baseline(new(seed)));
        var flows = 0;
        while (flows < 5500)
        {
            flows += Play(monitor, Site(random)).Flows;
        }

        Assert.Equal(0, monitor.State.Alarms);
        for (var after = 0; monitor.State.Alarms == 0;)
        {
            var (played, noticed) = Play(monitor, Replace(Site(random)));
            after += played;
            Assert.True((noticed ? after - played : after) <= 2000, $"{after} flows after the change");
        }
    }

    [Fact]
    public void Create_SameFlowsAndSeed_GivesTheSame() =>
        Assert.Equivalent(Baseline(new(3)), Baseline(new(3)), strict: true);

    [Fact]
    public void Create_FewCaptures_GivesNone()
    {
        var random = new Random(1);
        var sites = Enumerable.Range(0, DriftTrainer.MinCaptures - 1).Select(_ => Site(random)).ToList();

        Assert.Null(DriftTrainer.Create(Flows(sites), 1));
    }

    /// <summary>What never moved in training raises no alarm over a flow or two.</summary>
    [Fact]
    public void Create_NoUnknownFlows_TwoAreNoAlarm()
    {
        var baseline = Baseline(new(5));

        Assert.True(baseline.Unknown.Score(0.002) < baseline.AlarmScore);
        Assert.True(baseline.Unknown.Score(0.2) > baseline.AlarmScore);
    }

    static DriftBaseline Baseline(Random random) =>
        DriftTrainer.Create(Flows([.. Enumerable.Range(0, Captures).Select(_ => Site(random))]), 1)!;

    static DriftMonitor Monitor(DriftBaseline baseline) =>
        new(DriftPlan.Compile(baseline, Labels, ["fast", "slow"], FeatureSchema.Parse("nprint:ip4"), 1), 1);

    /// <summary>A site: 100 to 300 flows.</summary>
    static List<FlowAnswer> Site(Random random)
    {
        var weights = Enumerable.Range(0, Classes).Select(_ => 0.5 + random.NextDouble()).ToArray();
        var (sum, sureness) = (weights.Sum(), 0.90 + (0.06 * random.NextDouble()));
        return [.. Enumerable.Range(0, random.Next(100, 300)).Select(_ =>
        {
            var (label, left) = (0, random.NextDouble() * sum);
            while (label < Classes - 1 && left > weights[label])
            {
                left -= weights[label++];
            }

            var confidence = (float)Math.Clamp(sureness + (0.1 * (random.NextDouble() - 0.5)), 0, 1);
            return new FlowAnswer(confidence < 0.9f ? 1 : 0, label, confidence);
        })];
    }

    /// <summary>The flows of the last class are of another service now: half of them are taken for one that they
    /// resemble, and none surely.</summary>
    static List<FlowAnswer> Replace(List<FlowAnswer> site) => [.. site.Select((answer, i) => answer.Label == Classes - 1
        ? new FlowAnswer(1, i % 2 == 0 ? Classes - 1 : 0, 0.6f) : answer)];

    static (int Flows, bool Noticed) Play(DriftMonitor monitor, List<FlowAnswer> site)
    {
        var noticed = false;
        foreach (var given in site)
        {
            var answer = new Classification { Tier = given.Tier };
            answer.TopLabels[0] = given.Label;
            answer.TopConfidences[0] = given.Confidence;
            monitor.Counters[0].Count(answer, []);
            noticed |= monitor.Poll().Count > 0;
        }

        return (site.Count, noticed);
    }

    static AnsweredFlows Flows(List<List<FlowAnswer>> sites)
    {
        var data = new DataSet
        {
            Schema = FeatureSchema.Parse("nprint:ip4"),
            Depth = 1,
            Labels = Labels,
            Captures = [.. sites.Select((_, i) => new Capture($"{i}.pcap", $"{i:x64}"))],
            Flows = [.. sites.SelectMany((site, capture) => site.Select((answer, i) =>
                new LabelledFlow(answer.Label, capture, i, i, 0, 0)))],
            Headers = new(),
        };
        return new(FlowSample.All(data), 2, [.. sites.SelectMany(site => site)], [], new uint[data.Flows.Count]);
    }
}
