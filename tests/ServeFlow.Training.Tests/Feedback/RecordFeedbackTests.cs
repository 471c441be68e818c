using ServeFlow.Training.Feedback;
using Xunit;

namespace ServeFlow.Training.Tests.Feedback;

public sealed class RecordFeedbackTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-records-").FullName;

    string Labels => Path.Combine(folder, "labels.csv");

    string Records => Path.Combine(folder, "eve.json");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Right, wrong, unknown, unlabelled, without a record: each is counted once.</summary>
    [Fact]
    public void Score_RecordsOfSeveralKinds_CountsEachOnce()
    {
        WriteLabels("web", "web", "dns", "dns", "", "web");
        WriteRecords("web", "dns", "dns", "unknown", "dns");

        var score = RecordFeedback.Score(Labels, [Records], 1);

        Assert.Equal((4, 1, 1), (score.Flows, score.WithoutRecord, score.Unknown));
        Assert.Equal(0.5, score.Accuracy);
        // web: one of two found and none taken for it wrongly; dns: one of two, and a web flow taken for it.
        Assert.Equal(2 * (2.0 / 3 / 4) + (2 * (0.5 / 4)), score.WeightedF1, 1e-9);
        Assert.Equal(0.8, score.MeanConfidence, 1e-6);
        Assert.Equal(["dns", "web"], score.Classes.Select(of => of.Label));
    }

    /// <summary>A sensor's file has other lines too: ends of flows, and drifts, which are of no flow.</summary>
    [Fact]
    public void Score_OtherEvents_AreNoAnswers()
    {
        WriteLabels("web", "dns");
        WriteRecords("web", "dns");
        File.AppendAllText(Records, "{\"timestamp\":\"2026-03-01T14:00:00.000000+0000\",\"event_type\":\"drift\","
            + "\"drift\":{\"state\":\"begin\"}}\n");

        var score = RecordFeedback.Score(Labels, [Records], 1);

        Assert.Equal((2, 1.0), (score.Flows, score.WeightedF1));
    }

    [Fact]
    public void Score_NothingMeets_SaysWhatToCheck()
    {
        WriteLabels("web");
        WriteRecords();
        File.WriteAllText(Records, "{\"timestamp\":\"2026-03-01T14:00:00.000000+0000\",\"src_ip\":\"10.9.9.9\","
            + "\"src_port\":1,\"dest_ip\":\"10.0.0.2\",\"dest_port\":443,\"proto\":\"TCP\","
            + "\"serveflow\":{\"label\":\"web\",\"confidence\":0.8}}\n");

        var message = Assert.Throws<InputException>(() => RecordFeedback.Score(Labels, [Records], 1)).Message;

        Assert.Contains("none of its 1 flows meets a record", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_RecordsOfSeveralTasks_AreRefused()
    {
        WriteLabels("web", "dns");
        WriteRecords("web", "dns");
        File.WriteAllText(Records, File.ReadAllText(Records).Replace("\"label\"", "\"task\":\"service\",\"label\"",
            StringComparison.Ordinal));

        var message = Assert.Throws<InputException>(() => RecordFeedback.Score(Labels, [Records], 1)).Message;

        Assert.Contains("records are of several tasks", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_NoRowHasALabel_SaysThat()
    {
        WriteLabels("", "");
        WriteRecords("web", "dns");

        var message = Assert.Throws<InputException>(() => RecordFeedback.Score(Labels, [Records], 1)).Message;

        Assert.Contains("none of its 2 flows has a label", message, StringComparison.Ordinal);
    }

    /// <summary>A sensor's model changes while it runs: each answer counts for the version that gave it.</summary>
    [Fact]
    public void Score_AnswersOfSeveralVersions_AreScoredApart()
    {
        WriteLabels("web", "web", "dns", "dns");
        WriteRecords("web", "web", "dns", "web");
        var lines = File.ReadAllLines(Records);
        File.WriteAllLines(Records, lines.Select((line, i) => line.Replace("\"confidence\"",
            $"\"model\":\"app\",\"model_version\":\"{(i < 3 ? 1 : 2)}\",\"confidence\"", StringComparison.Ordinal)));

        var score = RecordFeedback.Score(Labels, [Records], 1);

        Assert.Equal([new("app", "1", 3, 1, 1), new("app", "2", 1, 0, 0)], score.Models);
    }

    /// <summary>Flows of an hour resemble one another: they are one group, of which nothing can be drawn.</summary>
    [Theory]
    [InlineData(1_772_373_600, 1)]
    [InlineData(1_772_373_600 + 3598, 2)]
    public void Score_LabelsWithoutCaptures_AreGroupedByHour(int first, int groups)
    {
        File.WriteAllLines(Labels,
        [
            "src,sport,dst,dport,proto,label,first_ts",
            .. Enumerable.Range(0, 4).Select(i => $"10.0.0.1,{1000 + i},10.0.0.2,443,tcp,web,{first + i}"),
        ]);
        File.WriteAllLines(Records, Enumerable.Range(0, 4).Select(i => Record(i, "web",
            DateTime.UnixEpoch.AddSeconds(first + i))));

        var score = RecordFeedback.Score(Labels, [Records], 1);

        Assert.Equal((4, groups), (score.Flows, score.Groups));
        Assert.Equal(groups > 1, score.Interval is not null);
    }

    void WriteLabels(params string[] labels) => File.WriteAllLines(Labels,
    [
        "src,sport,dst,dport,proto,label,first_ts",
        .. labels.Select((label, i) => $"10.0.0.1,{1000 + i},10.0.0.2,443,tcp,{label},{1_772_373_600 + i}"),
    ]);

    void WriteRecords(params string[] answers) => File.WriteAllLines(Records, answers.Select((answer, i) =>
        Record(i, answer, new DateTime(2026, 3, 1, 14, 0, i, DateTimeKind.Utc))));

    static string Record(int flow, string answer, DateTime time) =>
        $"{{\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss}.000000+0000\",\"event_type\":\"prediction\","
        + $"\"src_ip\":\"10.0.0.1\",\"src_port\":{1000 + flow},"
        + $"\"dest_ip\":\"10.0.0.2\",\"dest_port\":443,\"proto\":\"TCP\","
        + $"\"serveflow\":{{\"label\":\"{answer}\",\"confidence\":0.8}}}}";
}
