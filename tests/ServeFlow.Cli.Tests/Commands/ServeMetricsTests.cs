using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The metrics of a sensor beside its other numbers, and beside the page that explains them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ServeMetricsTests : ServedSensor
{
    /// <summary>What this sensor does not have, a baseline and a shadow, and a name that is no metric.</summary>
    static readonly string[] Conditional =
        ["serveflow_drift", "serveflow_shadow", "serveflow_VERSION", "serveflow_delivery", "serveflow_spool",
            "serveflow_records_spooled", "serveflow_records_delivered", "serveflow_records_dropped",
            "serveflow_remote_tier"];

    [Fact]
    public async Task Get_Metrics_EqualTheStatisticsAndEachOther()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var text = await client.GetStringAsync("/metrics", Cancel);
        var stats = JsonDocument.Parse(await client.GetStringAsync("/api/stats", Cancel)).RootElement;
        Assert.Equal(stats.GetProperty("packets").GetInt64(), Sum(text, "serveflow_packets_captured_total"));
        Assert.Equal(stats.GetProperty("active").GetInt64(), Sum(text, "serveflow_flows_active"));
        Assert.Equal(stats.GetProperty("tiers")[0].GetProperty("decisions").GetInt64(),
            Sum(text, "serveflow_answers_total"));
        Assert.Equal(Flows, Sum(text, "serveflow_answer_confidence_count"));
        Assert.Equal(Flows, Sum(text, "serveflow_decision_latency_seconds_count"));
        Assert.Equal(0, Sum(text, "serveflow_emergency_mode") + Sum(text, "serveflow_sink_failing"));
        Assert.InRange(Sum(text, "serveflow_flow_table_bytes"), 1, Sum(text, "serveflow_flow_table_limit_bytes"));
        Assert.Equal(Sum(text, "serveflow_flows_undecided"), Sum(text, "serveflow_queue_depth"));
        Assert.InRange(Sum(text, "serveflow_batch_size_sum"), Flows, 2 * Flows);
        Assert.InRange(Sum(text, "serveflow_batch_size_count"), 1, Flows);
        Assert.Equal(Sum(text, "serveflow_batch_size_count"), Sum(text, "serveflow_inference_duration_seconds_count"));
        Assert.InRange(Sum(text, "serveflow_inference_duration_seconds_sum"), 1e-9, 10);
        Assert.Matches("""serveflow_inference_duration_seconds_bucket\{model="\w+",version="1",le="0.001"\} \d""",
            text);
        Assert.Matches("""serveflow_packets_dropped_total\{.*where="decode"\} 0""", text);
        Assert.Matches("""serveflow_answer_confidence_bucket\{tier="fast",le="0.9"\} 0\n""", text);
        Assert.Matches("""serveflow_answer_confidence_bucket\{tier="fast",le="\+Inf"\} 20\n""", text);
        Assert.Contains("# TYPE serveflow_decision_latency_seconds histogram", text);
        Assert.Matches("""serveflow_decision_latency_seconds_bucket\{tier="fast",le="0"\} 20\n""", text);
    }

    [Fact]
    public async Task Get_Metrics_AreThoseThatThePageExplains()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));

        var text = await client.GetStringAsync("/metrics", Cancel);
        var shown = Typed().Matches(text).Select(match => match.Groups[1].Value.Replace("_total", "")).ToHashSet();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs/operations.md"));
        var explained = Named().Matches(page).Select(match => match.Groups[1].Value.Replace("_total", ""))
            .Where(name => !page.Contains(name + "_total{iface") && !page.Contains(name + "{iface")
                && !Conditional.Any(start => name.StartsWith(start, StringComparison.Ordinal))).ToHashSet();
        Assert.Empty(explained.Except(shown));
        Assert.DoesNotContain(shown, name => name.StartsWith("serveflow_", StringComparison.Ordinal)
            && !page.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_MetricsOfARemoteTier_AreThereForEachOutcome()
    {
        var client = Client(Serve("--http 127.0.0.1:0 --remote-tier slow=http://127.0.0.1:9/v2/models/m"));

        var text = await client.GetStringAsync("/metrics", Cancel);
        Assert.Matches("serveflow_remote_tier_failing\\{.*tier=\"slow\"\\} 0", text);
        foreach (var outcome in new[] { "answered", "late", "lost", "refused", "no_credit" })
        {
            Assert.Matches($"remote_tier_flows_total\\{{.*outcome=\"{outcome}\".*tier=\"slow\"\\}} 0", text);
            Assert.Matches($"remote_tier_batches_total\\{{.*outcome=\"{outcome}\".*tier=\"slow\"\\}} 0", text);
        }

        Assert.DoesNotMatch("remote_tier_flows_total\\{.*tier=\"fast\"", text); // only the last tier can be remote
        Assert.Contains("\"remote\":{\"tier\":\"slow\",\"by\":\"http://127.0.0.1:9/v2/models/m\",\"failing\":false,",
            await client.GetStringAsync("/api/status", Cancel));
        Assert.Contains("\"remote\":{\"answered\":0,\"late\":0,", await client.GetStringAsync("/api/stats", Cancel));
    }

    [Fact]
    public async Task Get_MetricsAsOpenMetrics_EndsAsItMust()
    {
        var client = Client(Serve("--http 127.0.0.1:0"));
        client.DefaultRequestHeaders.Accept.ParseAdd("application/openmetrics-text;version=1.0.0");

        var text = await client.GetStringAsync("/metrics", Cancel);
        Assert.EndsWith("_count{tier=\"slow\"} 0\n# EOF\n", text);
        Assert.Equal(1, Regex.Count(text, "# EOF"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v2/health/ready", Cancel)).StatusCode);
        Assert.Contains("model_repository", await client.GetStringAsync("/v2", Cancel));
    }

    [GeneratedRegex(@"# TYPE (\w+) ")]
    private static partial Regex Typed();

    [GeneratedRegex(@"\| `(serveflow_\w+)")]
    private static partial Regex Named();
}
