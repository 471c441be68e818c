using ServeFlow.Cli.Commands.Control;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands.Control;

/// <summary>What <c>ctl</c> shows of a sensor's answers.</summary>
public sealed class ControlTextTests
{
    [Fact]
    public void Format_Versions_AreToldApartAndAProcessIsNoAmount()
    {
        var lines = AnswerText.Format("""
            {"process":11876,"packets":11876,"repository":[{"name":"iot","version":"1","state":"READY"},
             {"name":"iot","version":"2","state":"UNAVAILABLE"}]}
            """).Split(Environment.NewLine).Select(Words);

        Assert.Equal(
        [
            "process 11876", "packets 11,876", "repository[iot@1].state READY", "repository[iot@2].state UNAVAILABLE",
        ], lines.Where(line => !line.Contains("].name", StringComparison.Ordinal)
            && !line.Contains("].version", StringComparison.Ordinal)));
    }

    [Fact]
    public void Format_TopOfASensorWhoseReceiverIsAway_ShowsWhatWaits()
    {
        const string status = """{"ready":true,"seconds":3,"model":"iot","model_version":"1"}""";
        const string top = """
            {"packets_per_second":1,"flows_per_second":1,"answers_per_second":1,"dropped_per_second":0,"tiers":[],
             "labels":[]}
            """;
        const string sink = "\"written\":1168,\"lost_predictions\":0,\"lost_flows\":0,\"failed\":0,\"waiting\":0";
        const string stats = $$"""
            {"dropped":{"kernel":0,"interface":0},"flows":1,"active":1,"undecided":0,"overload":0,
             "received_by_filter":1,"interfaces":[],"sinks":[{"name":"eve",{{sink}} },
             {"name":"socket",{{sink}},"spool":{"delivered":1026,"dropped":0,"waiting":142,"failing":true} } ] }
            """;

        var lines = TopText.Format(status, top, stats).Split(Environment.NewLine);

        Assert.Equal("RECEIVER STATE DELIVERED DROPPED WAITING", Words(lines.Single(line =>
            line.StartsWith("RECEIVER", StringComparison.Ordinal))));
        Assert.Equal(["socket 1,168 0 0 0", "socket FAILING 1,026 0 142"],
            lines.Where(line => line.StartsWith("socket", StringComparison.Ordinal)).Select(Words));
    }

    static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
