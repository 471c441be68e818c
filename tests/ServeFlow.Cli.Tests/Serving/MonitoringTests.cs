using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>
/// The dashboard and the alarms that are shipped, held against what a live sensor's <c>/metrics</c> really gives:
/// names, labels and the values that they choose.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class MonitoringTests : IDisposable
{
    /// <summary>Labels that Prometheus adds to what it scrapes.</summary>
    static readonly string[] Scraped = ["instance", "job"];

    /// <summary>What Prometheus itself says of each target.</summary>
    const string Up = "up";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-monitoring-").FullName;
    ProgramProcess? process;

    public void Dispose()
    {
        process?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task DashboardAndAlarms_AskForMetricsThatALiveSensorGives()
    {
        var samples = await Scrape();
        var queries = Dashboard().Concat(Alarms()).ToList();

        Assert.True(queries.Count > 50);
        Assert.Empty(queries.SelectMany(query => Problems(query, samples)));
    }

    [Fact]
    public void Alarms_EachHasARowInTheDocumentation()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));
        var names = Named().Matches(Rules).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(names.Count, Regex.Count(Rules, "(?m)^ +severity: (critical|warning|info)$"));
        Assert.All(names, name => Assert.Contains($"| `{name}` |", page));
        Assert.Equal(names.Count, Regex.Count(page, @"(?m)^\| `ServeFlow\w+` \|"));
    }

    static string Rules => File.ReadAllText(Path.Combine(Repository.Root, "packaging/prometheus/serveflow.rules.yml"));

    /// <summary>Finds metrics that are not given, and labels and values that they do not have.</summary>
    static IEnumerable<string> Problems(Query query, ILookup<string, Dictionary<string, string>> samples)
    {
        var used = Selector().Matches(query.Expression).Select(match => (Name: match.Groups[1].Value,
            Matchers: Matcher().Matches(match.Groups[2].Value))).ToList();
        var missing = used.Where(one => one.Name != Up && !samples.Contains(one.Name))
            .Select(one => $"{one.Name}: is not given");
        var labels = used.SelectMany(one => samples[one.Name]).SelectMany(sample => sample.Keys).Concat(Scraped)
            .ToHashSet();
        var unknown = Grouping().Matches(query.Expression).SelectMany(match => match.Groups[1].Value.Split(','))
            .Concat(Template().Matches(query.Text).Select(match => match.Groups[1].Value)).Select(name => name.Trim())
            .Where(name => !labels.Contains(name)).Select(name => $"{query.Expression}: nothing has label {name}");
        var unmatched = used.SelectMany(one => one.Matchers.Where(matcher => !Scraped.Contains(matcher.Groups[1].Value))
            .SelectMany(matcher => matcher.Groups[2].Value.Split('|').Where(value => !samples[one.Name].Any(sample =>
                sample.GetValueOrDefault(matcher.Groups[1].Value) == value))
                .Select(value => $"{one.Name}: none has {matcher.Groups[1].Value} {value}")));
        return used.Count == 0 ? [$"{query.Expression}: asks for no metric"] : [.. missing, .. unknown, .. unmatched];
    }

    static IEnumerable<Query> Dashboard()
    {
        var path = Path.Combine(Repository.Root, "packaging/grafana/serveflow.json");
        var board = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        var panels = board.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        return panels.Where(panel => panel.GetProperty("type").GetString() != "row")
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => new Query(target.GetProperty("expr").GetString()!,
                target.GetProperty("legendFormat").GetString()!))
            .Concat(board.GetProperty("annotations").GetProperty("list").EnumerateArray()
                .Select(note => new Query(note.GetProperty("expr").GetString()!, "")));
    }

    static IEnumerable<Query> Alarms() => Rules.Split("- alert: ").Skip(1).Select(rule =>
        new Query(rule[(rule.IndexOf("expr:", StringComparison.Ordinal) + 5)..rule.IndexOf("labels:\n",
            StringComparison.Ordinal)], rule.Replace("$labels.", "", StringComparison.Ordinal)));

    /// <summary>Runs a sensor on the loopback interface that has drift, a shadow and packets to keep.</summary>
    async Task<ILookup<string, Dictionary<string, string>>> Scrape()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "takes an interface");
        var trained = ProgramProcess.Run(folder, "$serveflow synth --out set --flows 240 --classes 2 --captures 10 -q "
            + "&& $serveflow train -r set --labels set/labels.csv -o app --models dt --depths 1,2 --tiers dt@1,dt@2 "
            + "-q");
        Assert.Equal((0, ""), (trained.Code, trained.Said));
        SmallBundle.Write(Path.Combine(folder, "other"));
        process = ProgramProcess.Start(folder, "exec $serveflow serve app -i lo --eve eve.json --shadow other "
            + "--socket unix:receiver.sock "
            + "--dump-flows label=unknown --dump-to kept --http 127.0.0.1:0 2> said");
        var said = Path.Combine(folder, "said");
        ProgramProcess.Until(() => File.Exists(said) && Listening().IsMatch(File.ReadAllText(said)));
        var address = Listening().Match(File.ReadAllText(said)).Groups[1].Value;
        using var client = new HttpClient { BaseAddress = new(address) };
        var text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return Sample().Matches(text).ToLookup(match => match.Groups[1].Value,
            match => Matcher().Matches(match.Groups[2].Value)
                .ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value));
    }

    [GeneratedRegex(@"answering HTTP on (\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"(?m)^(serveflow_\w+)(?:\{(.*)\})? ")]
    private static partial Regex Sample();

    [GeneratedRegex(@"\b(serveflow_\w+|up\b)(?:\{([^}]*)\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)=~?""([^""]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|on) \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{\{ ?(\w+) ?\}\}")]
    private static partial Regex Template();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Named();

    /// <param name="Expression">What is asked, in PromQL.</param>
    /// <param name="Text">What is written of the answer, with labels in it.</param>
    sealed record Query(string Expression, string Text);
}
