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
            {"packets_per_second":1,"flows_per_second":1,"answers_per_second":1,"dropped_per_second":0,"flows":1,
             "active":1,"undecided":0,"overload":0,"tiers":[],
             "labels":[{"name":"\u001b[2Jdns","per_second":1,"answers":1,"share":1}]}
            """;
        const string sink = "\"written\":1168,\"lost_predictions\":0,\"lost_flows\":0,\"failed\":0,\"waiting\":0";
        const string stats = $$"""
            {"dropped":{"kernel":0,"interface":0},"received_by_filter":1,"interfaces":[],
             "sinks":[{"name":"eve",{{sink}} },
             {"name":"socket",{{sink}},"spool":{"delivered":1026,"dropped":0,"waiting":142,"failing":true} } ] }
            """;

        var lines = TopText.Format(status, top, stats).Split(Environment.NewLine);

        Assert.Equal("RECEIVER STATE DELIVERED DROPPED WAITING", Words(lines.Single(line =>
            line.StartsWith("RECEIVER", StringComparison.Ordinal))));
        Assert.Equal(["socket 1,168 0 0 0", "socket FAILING 1,026 0 142"],
            lines.Where(line => line.StartsWith("socket", StringComparison.Ordinal)).Select(Words));
        Assert.Equal("\\x1b[2Jdns 1 1 100.0%", Words(lines[^1]));
    }

    [Fact]
    public void Format_ModelsWithAShadow_ShowsWhatDiffersMostAndHowMuchMoreThereIs()
    {
        var pairs = string.Join(',', Enumerable.Range(0, 30).Select(i =>
            $$"""{"name":"dns → c{{i}}","flows":{{100 - i}}}"""));
        var lines = ModelsText.Format($$"""
            {"models":[{"name":"iot","version":"2","role":"main","share":null,"answers":12345,"labels":["dns","web"],
              "tiers":["dt@1","lgbm@10"],"sha256":"0123456789abcdef"},
             {"name":"iot","version":"3","role":"canary","share":0.1,"answers":1,"labels":["dns"],"tiers":["dt@1"],
              "sha256":"fedcba9876543210"}],
             "previous":"iot@1",
             "comparison":{"compared":4000,"agreed":3960,"disagreed":40,"agreement":0.99,"unpaired":5,
              "answered_by_others":7,"classes":[{"name":"web","agreed":3900,"disagreed":0},
               {"name":"dns","agreed":60,"disagreed":40}],"pairs":[{{pairs}}]},
             "changes":{"applied":1234,"refused":1,"longest_pause_us":12.34},
             "repository":[{"name":"iot","version":"2","state":"READY","reason":""},
              {"name":"iot","version":"10","state":"UNAVAILABLE","reason":"not loaded"}]}
            """).Split(Environment.NewLine).Select(Words).ToList();

        Assert.Equal(
        [
            "MODEL ROLE SHARE ANSWERS LABELS TIERS SHA-256", "iot@2 main 12,345 2 dt@1 lgbm@10 0123456789ab",
            "iot@3 canary 10 % 1 1 dt@1 fedcba987654", "", "VERSION STATE", "iot@2 READY",
            "iot@10 UNAVAILABLE: not loaded", "", "changes 1,234 applied, 1 refused; packets waited 12.3 µs at most",
            "before iot@1 answered; 'ctl rollback' has it answer again", "",
            "shadow agrees on 99 % of 4,000 flows; not compared: 5 that were open when it began, 7 of a canary", "",
            "CLASS AGREED DISAGREED", "dns 60 40", "", "MODEL → SHADOW FLOWS",
            .. Enumerable.Range(0, 10).Select(i => $"dns → c{i} {100 - i}"), "10 of 30 pairs are shown; --json has all",
        ], lines);
    }

    [Fact]
    public void Format_ModelsOfTasks_NamesEachTaskBeforeItsModels()
    {
        const string rest = """
            "previous":null,"comparison":null,"changes":{"applied":0,"refused":0,"longest_pause_us":0},"repository":[]
            """;
        var lines = ModelsText.Format($$"""
            {"tasks":[{"models":[{"task":"service","name":"service","version":"1","role":"main","share":null,
              "answers":0,"labels":[],"tiers":["dt@1"],"sha256":"0123456789abcdef"}],{{rest}}},
             {"models":[{"task":"device","name":"device","version":"4","role":"main","share":null,"answers":0,
              "labels":[],"tiers":["rf@2"],"sha256":"fedcba9876543210"}],{{rest}}}]}
            """).Split(Environment.NewLine);

        Assert.Equal(["task service", "task device"],
            lines.Where(line => line.StartsWith("task ", StringComparison.Ordinal)));
        Assert.True(Array.IndexOf(lines, "task service")
            < Array.FindIndex(lines, line => line.StartsWith("service@1", StringComparison.Ordinal)));
    }

    static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
