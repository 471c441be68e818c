using System.Text;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Sinks.Formats;

/// <summary>Records of flows that several tasks answer, in each text format.</summary>
public sealed class TaskRecordTests
{
    static readonly IReadOnlyList<CascadePlan> Tasks = TaskSet.Create(
    [
        ("service", Plan(["dns", "web \"x\""], 1, 3)),
        ("device-type", Plan(["camera", "plug"], 2) with { Name = "devices", Version = "7" }),
    ]);

    static readonly ServedPlans Plans = ServedPlans.FromTasks(Tasks, ["", ""]);

    [Fact]
    public void Eve_Predictions_NameTheirTaskAndComeWhenEachIsDecided()
    {
        var predictions = Events("prediction").Select(one => one.GetProperty("serveflow")).ToList();

        Assert.Equal(["service dns 1", "device-type plug 2"], predictions.Select(one =>
            $"{one.GetProperty("task")} {one.GetProperty("label")} {one.GetProperty("packets_used")}"));
        Assert.Equal(1, predictions[0].GetProperty("schema").GetInt32());
        Assert.Equal("devices", predictions[1].GetProperty("model").GetString());
    }

    [Fact]
    public void Eve_Flow_HasAnAnswerForEachTask()
    {
        var answers = Assert.Single(Events("flow")).GetProperty("serveflow");
        var tasks = answers.GetProperty("tasks");

        Assert.Equal(["schema", "tasks"], answers.EnumerateObject().Select(one => one.Name));
        Assert.Equal(["service", "device-type"], tasks.EnumerateObject().Select(one => one.Name));
        Assert.Equal(["label", "label_id", "confidence", "state", "tier", "reason", "model", "model_version",
            "model_sha256", "features", "packets_used", "revision"],
            tasks.GetProperty("service").EnumerateObject().Select(one => one.Name));
        var device = tasks.GetProperty("device-type");
        Assert.Equal("plug 0.9 devices 7 2 confident", $"{device.GetProperty("label")} "
            + $"{device.GetProperty("confidence")} {device.GetProperty("model")} {device.GetProperty("model_version")} "
            + $"{device.GetProperty("packets_used")} {device.GetProperty("reason")}");
    }

    [Fact]
    public void Csv_Answers_HaveColumnsOfEachTask()
    {
        var lines = Write(RecordFormat.Csv).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var row = lines[0].Split(',').Zip(lines[1].Split(',')).ToDictionary(one => one.First, one => one.Second);

        Assert.DoesNotContain("serveflow_label", row.Keys);
        Assert.Equal(("dns", "tier0", "1"),
            (row["serveflow_service_label"], row["serveflow_service_tier"], row["serveflow_service_packets_used"]));
        Assert.Equal(("plug", "devices", "2"), (row["serveflow_device_type_label"], row["serveflow_device_type_model"],
            row["serveflow_device_type_packets_used"]));
    }

    [Fact]
    public void Zeek_Answers_HaveFieldsAndTypesOfEachTask()
    {
        var lines = Write(RecordFormat.Zeek).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var fields = lines.Single(line => line.StartsWith("#fields", StringComparison.Ordinal)).Split('\t')[1..];
        var types = lines.Single(line => line.StartsWith("#types", StringComparison.Ordinal)).Split('\t')[1..];
        var row = fields.Zip(lines.Single(line => line[0] != '#').Split('\t')).ToDictionary(one => one.First,
            one => one.Second);

        Assert.Equal(fields.Length, types.Length);
        Assert.Equal(["sf_service_label", "sf_service_confidence", "sf_service_tier", "sf_service_model",
            "sf_device_type_label", "sf_device_type_confidence", "sf_device_type_tier", "sf_device_type_model"],
            fields[^8..]);
        Assert.Equal(("dns", "plug", "0.9", "devices"), (row["sf_service_label"], row["sf_device_type_label"],
            row["sf_device_type_confidence"], row["sf_device_type_model"]));
    }

    [Theory]
    [InlineData("service,service", "is given 2 times")]
    [InlineData("a-b,a_b", "is given 2 times")]
    [InlineData("9lives", "is no name of a task")]
    [InlineData("", "is no name of a task")]
    [InlineData("a,b,c,d,e", "at most 4")]
    public void Create_WrongNames_SaysWhatIsWrong(string names, string expected) => Assert.Contains(expected,
        Assert.Throws<InputException>(() => TaskSet.Create([.. names.Split(',').Select(name => (name, Plan(1)))]))
            .Message);

    [Fact]
    public void Create_PlansThatDoNotFitTogether_SaysWhichAndWhatToDo()
    {
        var other = Plan(1) with { Flows = new() { UdpIdleTimeout = TimeSpan.FromSeconds(1) } };

        Assert.Contains("b: tiny 1 was trained with other rules", Assert.Throws<InputException>(
            () => TaskSet.Create([("a", Plan(1)), ("b", other)])).Message);
        Assert.Contains("b: tiny 1 classifies windows", Assert.Throws<InputException>(
            () => TaskSet.Create([("a", Plan(1)), ("b", Windows(TimeSpan.FromSeconds(1), 1))])).Message);
    }

    static IEnumerable<JsonElement> Events(string kind) => Write(RecordFormat.Eve)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
        .Where(one => one.GetProperty("event_type").GetString() == kind);

    internal static string Write(string format)
    {
        using var stream = new MemoryStream();
        using (var sink = RecordFormat.CreateSink(format, stream, Tasks[0], new() { Plans = Plans }))
        {
            var worker = new Worker(Tasks, new(), sink, Plans);
            worker.Run(new MemorySource().Udp(0, 1000, SureEven).Udp(1, 1000, SureOdd),
                TestContext.Current.CancellationToken);
            worker.Finish();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
