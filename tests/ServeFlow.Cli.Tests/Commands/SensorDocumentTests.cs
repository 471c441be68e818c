using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Training.Reports.Documents;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The JSON of <c>serve</c> is an interface to scripts: its names and their order stay.</summary>
public sealed class SensorDocumentTests
{
    const string Counts =
        "\"packets\":9,\"received_by_filter\":8,\"dropped\":{\"kernel\":1,\"interface\":2},\"tracked\":7,"
        + "\"outside_flows\":6,\"ignored\":5,\"flows\":4,\"active\":3,\"undecided\":2,\"overload\":1,"
        + "\"tiers\":[{\"name\":\"fast\",\"decisions\":3,\"shed\":1}],"
        + "\"interfaces\":[{\"name\":\"eth0\",\"received\":9,\"dropped_by_kernel\":1,\"dropped_by_interface\":2,"
        + "\"state\":\"up\",\"went_down\":3,\"came_up\":4,\"vanished\":5,\"made_anew\":6,\"reopened\":7}],"
        + "\"sinks\":[{\"name\":\"eve\",\"written\":1,\"lost_predictions\":2,\"lost_flows\":3,"
        + "\"failed\":4,\"waiting\":5,"
        + "\"failures\":6}]";

    const string Dump = ",\"dumped_packets\":{\"written\":1,\"missed\":2,\"lost\":3,\"failed\":4}";

    static readonly SensorDocument Sensor = new(9, 8, new(1, 2), 7, 6, 5, 4, 3, 2, 1, [new("fast", 3, 1)],
        [new("eth0", 9, 1, 2, "up", 3, 4, 5, 6, 7)], [new("eve", 1, 2, 3, 4, 5, 6)]);

    [Fact]
    public void Format_Statistics_StartWithTimeAndRates()
    {
        var document = new StatisticsDocument(Sensor)
        {
            Timestamp = "t",
            Seconds = 1.5,
            PacketsPerSecond = 6,
            FlowsPerSecond = 2.7,
        };

        Assert.Equal(
            $"{{\"timestamp\":\"t\",\"seconds\":1.5,\"packets_per_second\":6,\"flows_per_second\":2.7,{Counts}}}",
            DocumentJson.Format(document));
    }

    [Fact]
    public void Format_Summary_EndsWithReasonsAndTheBalance()
    {
        var document = new SummaryDocument(Sensor with { Dump = new(1, 2, 3, 4) })
        {
            Seconds = 1.5,
            Ended = new() { ["idle_timeout"] = 2, ["end_of_flow"] = 1 },
            Odd = new() { ["syn_ack_first"] = 1 },
            BegunInTheMiddle = 1,
            Duplicates = 2,
            Reasons = new() { ["confident"] = 3 },
            Balances = true,
        };

        Assert.Equal($"{{\"seconds\":1.5,{Counts}{Dump},\"ended\":{{\"idle_timeout\":2,\"end_of_flow\":1}},"
            + "\"odd\":{\"syn_ack_first\":1},\"begun_in_the_middle\":1,\"duplicates\":2,"
            + "\"reasons\":{\"confident\":3},\"balances\":true}", DocumentJson.Format(document));
    }
}
