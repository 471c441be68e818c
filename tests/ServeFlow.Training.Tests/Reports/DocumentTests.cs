using ServeFlow.Training.Reports.Documents;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>The JSON of verbs is an interface to scripts: its names and their order stay.</summary>
public sealed class DocumentTests : IDisposable
{
    const string Score = "{weighted_f1,macro_f1,accuracy,answered,unanswered,mean_ms,median_ms,p90_ms,p99_ms,under_1ms,"
        + "under_16ms,packets_mean,interval{weighted_f1[],macro_f1[],accuracy[],mean_ms[],median_ms[],p90_ms[],"
        + "p99_ms[],under_1ms[],under_16ms[],packets_mean[]}}";

    const string Diagram = "{ece,ece_interval[],bins[{confidence,accuracy,flows}]}";

    const string Effect = $"{{flows,before{Diagram},after{Diagram}}}";

    const string Losses = "{cascade{mean,spread},fastest{mean,spread},fast{mean,spread},slow{mean,spread}}";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-documents").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Format_Evaluation_HasTheNamesThatScriptsReadInOrder()
    {
        var document = EvaluationDocument.From(FakeEvaluation.Create(4, folder).Result) with { Report = "r.html" };

        Assert.Equal(
            "{data{captures,captures_trained_on,flows,window_ms,classes,unlabelled,labels_unmatched},"
            + $"systems{{cascade{Score},fastest_only{Score},fast_only{Score},"
            + $"slow_only{Score},random{Score},oracle{Score}}},"
            + "loss,loss_interval[],speedup_mean,speedup_mean_interval[],speedup_median,speedup_median_interval[],"
            + "first_packet_share,first_packet_share_interval[],errors_caught,errors_caught_interval[],lost_share,"
            + "lost_share_interval[],bootstrap{confidence,draws,captures},"
            + "promise{max_loss,confidence,bound,held,vacuous,captures},votes[],"
            + "tiers[{name,model,packets,answered_share,escalated_share,weighted_f1,errors_caught,ns_per_flow,"
            + "interval{answered_share[],escalated_share[],weighted_f1[],errors_caught[]}}],"
            + "classes[{label,flows,captures,precision,recall,f1,interval{precision,recall[],f1[]}}],"
            + "paths[{tier,reached,right,wrong,ended_right,ended_wrong,unknown,escalated}],assignment[{tier,area}],"
            + $"reliability[{{tier,all{Effect},reaching{Effect}}}],"
            + "unknown{budget,known_flows,known_rejected,known_rejected_share,known_rejected_wrong,weighted_f1_closed,"
            + "open_set{weighted_f1,macro_f1,accuracy},auroc,classes[{label,flows,auroc,detected}]},"
            + "near_duplicates[{packets,flows,of,contradicting}],"
            + "honesty{training_flows,flows,majority_f1,checks[{name,figure,expected,verdict,sentence}],"
            + "novel[{packets,flows,cascade,slow_only}]},"
            + "importance{flows,repeats,weighted_f1{cascade,fastest,fast,slow},"
            + $"fields[{{field,loss{Losses}}}],packets[{{packet,loss{Losses}}}],everything{Losses}}},report,"
            + "captures,unreadable,skipped{count,reasons{}}}",
            JsonShape.From(DocumentJson.Format(document)));
    }

    [Fact]
    public void Format_NoReport_HasNoReport() => Assert.DoesNotContain("\"report\"",
        DocumentJson.Format(EvaluationDocument.From(FakeEvaluation.Create(4, folder).Result)));

    [Fact]
    public void Format_Load_IsWhatBenchLatencyPrints()
    {
        var run = new LoadRun
        {
            Cpu = "x+y",
            Workers = 2,
            Points =
            [
                new()
                {
                    Offered = 2000, Flows = 20, Packets = 200, Achieved = 1500, Seconds = 0.5, CpuSeconds = 0.75,
                    CoreWaitSeconds = 0.25, PausedSeconds = 0.125,
                    P50Us = 4, P99Us = 9, P999Us = 11, Under1Ms = 1, Under16Ms = 0.9, Dropped = 7, Unanswered = 0,
                    Overload = 3, FirstPacket = new(0.5, 1, 2, 3),
                },
            ],
        };

        Assert.Equal("""
            {"cpu":"x\u002By","workers":2,"offered":[{"flows_per_second":2000,"flows":20,"packets":200,"achieved":1500,
            "seconds":0.5,"cpu_seconds":0.75,"core_wait_seconds":0.25,"paused_seconds":0.125,
            "p50_us":4,"p99_us":9,"p999_us":11,"under_1ms":1,"under_16ms":0.9,"dropped":7,"unanswered":0,"overload":3,
            "first_packet":{"share":0.5,"p50_us":1,"p99_us":2,"p999_us":3}}]}
            """.ReplaceLineEndings(""), DocumentJson.Format(run));
    }
}
