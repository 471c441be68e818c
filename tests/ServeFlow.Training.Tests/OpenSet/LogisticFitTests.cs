using ServeFlow.Cascade.OpenSet;
using ServeFlow.Training.OpenSet;
using Xunit;

namespace ServeFlow.Training.Tests.OpenSet;

public sealed class LogisticFitTests
{
    [Fact]
    public void Fit_FlowsDrawnByKnownWeights_FindsThem()
    {
        var truth = new NoveltyWeights(-2, 3, 1.5, 0.5) { Spread = -1, Improbability = 2, Strangeness = 1 };
        var random = new Random(1);
        var flows = Enumerable.Range(0, 40_000).Select(_ =>
        {
            var signals = new NoveltySignals(random.NextSingle(), random.NextSingle(), random.NextSingle())
            {
                Spread = random.NextSingle(),
                Improbability = random.NextSingle(),
                Strangeness = random.NextSingle(),
            };
            return (Signals: signals, IsUnknown: random.NextDouble() < truth.ComputeNovelty(signals));
        }).ToLookup(flow => flow.IsUnknown, flow => flow.Signals);

        var fit = new LogisticFit();
        fit.Add([.. flows[false]], areUnknown: false);
        fit.Add([.. flows[true]], areUnknown: true);
        var found = fit.Fit();

        // Both kinds weigh the same in a fit, which moves the bias alone.
        Assert.Equal(truth.Rarity, found.Rarity, 0.2);
        Assert.Equal(truth.Foreignness, found.Foreignness, 0.2);
        Assert.Equal(truth.Uncertainty, found.Uncertainty, 0.2);
        Assert.Equal(truth.Spread, found.Spread, 0.2);
        Assert.Equal(truth.Improbability, found.Improbability, 0.2);
        Assert.Equal(truth.Strangeness, found.Strangeness, 0.2);
    }

    [Fact]
    public void Fit_SignalThatDividesPerfectly_StaysFinite()
    {
        var fit = new LogisticFit();
        fit.Add([new(0, 0, 0), new(0.1f, 0, 0)], areUnknown: false);
        fit.Add([new(0.9f, 0, 0), new(1, 0, 0)], areUnknown: true);
        var found = fit.Fit();

        Assert.InRange(found.Rarity, 3, 1000);
        Assert.True(found.ComputeNovelty(new(1, 0, 0)) > 0.9f);
        Assert.True(found.ComputeNovelty(new(0, 0, 0)) < 0.1f);
    }

    [Fact]
    public void Fit_SignalsThatSayNothing_IsUndecided()
    {
        var fit = new LogisticFit();
        fit.Add([new(0.5f, 0.5f, 0.5f)], areUnknown: false);
        fit.Add([new(0.5f, 0.5f, 0.5f)], areUnknown: true);

        Assert.Equal(0.5f, fit.Fit().ComputeNovelty(new(0.5f, 0.5f, 0.5f)), 1e-4f);
    }
}
