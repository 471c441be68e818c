using System.Text.Json;
using ServeFlow.Cli.Commands.Control;
using ServeFlow.Cli.Commands.Serving.Fleets;
using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Service.Fleets;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Tests how <c>ctl fleet</c> shows what nodes say of themselves.</summary>
public sealed class FleetTextTests
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    [Fact]
    public void Format_TextThatCommandsATerminal_IsEscapedAndMakesNoLine()
    {
        const string foreign = "x\n\u001b[31msensor b";
        var sensor = new FleetSensor("a", FleetSensor.Present, 0, "1", 1, foreign, 1, foreign, [], 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, new(true, 2, 1, [foreign]));
        var worker = new FleetWorkerDocument("w", FleetSensor.Present, 0, "1", 1, 1, foreign, 1, "", 0, 0, 0, 0, 0);
        var text = FleetText.Format(JsonSerializer.Serialize(new FleetDocument(foreign, 1, new(foreign, null, null, [],
            false), [foreign], FleetTotals.Sum([sensor]), [sensor], [worker], [foreign]), Json));

        Assert.DoesNotContain('\u001b', text);
        Assert.Equal(5, text.Split(Environment.NewLine).Count(line => line.EndsWith("x\\x0a\\x1b[31msensor b",
            StringComparison.Ordinal)));
        Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("sensor b", StringComparison.Ordinal));
    }

    [Fact]
    public void Format_SensorThatLeft_ShowsNoRatesAndNoReason()
    {
        var view = new FleetView(new(), [new(new NodeReport
        {
            Name = "a",
            IsLeaving = true,
            Sensor = new() { Unready = "it ends", Packets = 7, PacketsPerSecond = 99 },
        }, "left", 15)]);
        var text = FleetText.Format(JsonSerializer.Serialize(FleetDescription.From("edge", view), Json));

        Assert.Matches("(?m)^a +left 00:00:15 +- +- +- +7 ", text);
        Assert.DoesNotContain("it ends", text, StringComparison.Ordinal);
    }
}
