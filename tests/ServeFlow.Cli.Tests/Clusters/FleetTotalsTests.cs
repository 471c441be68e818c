using ServeFlow.Service.Fleets;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>What the sums of a fleet count.</summary>
public sealed class FleetTotalsTests
{
    [Fact]
    public void Sum_SensorThatIsAway_CountsOnButItsRatesAndOpenFlowsDoNot()
    {
        var sum = FleetTotals.Sum([Sensor("a", FleetSensor.Present, isDrifting: true), Sensor("b", "away", true),
            Sensor("c", FleetSensor.Present, isDrifting: false)]);

        Assert.Equal(new(3, 2, 30, 33, 24, 26, 42, 45, 48, 51, 3, 5, 7, 54, 57, 1), sum);
    }

    static FleetSensor Sensor(string name, string state, bool isDrifting) => new(name, state, 0, "1", 9, null, 0, null,
        [], 10, 11, 12, 13, 14, 15, 16, 17, 1.5, 2.5, 3.5, 18, 19, new(isDrifting, 2, 1, []));
}
