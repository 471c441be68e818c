using System.Text.Json;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Kafka;
using ServeFlow.Sinks.Spools;
using Xunit;
using Record = ServeFlow.Kafka.Messages.Record;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary><c>serve --kafka</c> as a process, with librdkafka's mock cluster.</summary>
public sealed class ServeKafkaTests : IDisposable
{
    const int Flows = 3000;
    const long Second = 1_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-kafka-").FullName;

    public ServeKafkaTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the mock cluster is found by /proc");
        SmallBundle.Write(At("bundle"));
        var capture = new CaptureBuilder(101);
        for (var i = 0; i < Flows; i++)
        {
            capture.Add((1_700_000_000 * Second) + (i * 1000L),
                Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(5000 + i, 53, [])));
        }

        File.WriteAllBytes(At("flows.pcap"), capture.ToArray());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Serve_ClusterIsThere_HasEveryRecordUnderItsCommunityId()
    {
        using var kafka = new MockKafka();
        var (code, written, said) = ProgramProcess.Run(folder, "$serveflow serve bundle -r flows.pcap --speed max "
            + $"--json --kafka {kafka.Servers} --kafka-topic some.flows");

        Assert.Equal((CommandRunner.Succeeded, said), (code, said));
        Assert.Contains($"\"delivered\":{2 * Flows}", written, StringComparison.Ordinal);
        AssertRecords(kafka.Read("some.flows", 2 * Flows));
    }

    [Fact]
    public void Serve_ClusterGoesAndComesBack_HasEveryRecordInOrder()
    {
        using var kafka = new MockKafka();
        kafka.GoDown();
        ProgramProcess.Run(folder, "mkfifo feed"); // open, it keeps the sensor waiting for more packets
        using var serve = ProgramProcess.Start(folder, "exec $serveflow serve bundle -r feed --kafka " + kafka.Servers
            + " 2> said");
        using (var feed = new FileStream(At("feed"), FileMode.Open, FileAccess.Write))
        {
            feed.Write(File.ReadAllBytes(At("flows.pcap")));
            feed.Flush();
            ProgramProcess.Until(() => HasSaid("records wait in"));
            kafka.ComeUp();
            ProgramProcess.Until(() => HasSaid("written again"));
        }

        Assert.Equal(CommandRunner.Succeeded, serve.Wait().Code);
        AssertRecords(kafka.Read("serveflow.flows", 2 * Flows));
    }

    [Fact]
    public void Send_ClusterIsAwayAndTheSensorStops_IsNotWaitedFor()
    {
        using var kafka = new MockKafka();
        kafka.GoDown();
        using var spool = new Spool(new SpoolOptions(At("spool")), _ => { });
        spool.Append("{}"u8);
        spool.Commit();
        var batch = new SpoolBatch();
        spool.Take(batch);
        using var destination = new KafkaDestination(new(kafka.Servers) { Topic = "some.flows" });
        destination.Abort();

        Assert.Equal("the sensor stops", Assert.Throws<IOException>(() => destination.Send(batch)).Message);
    }

    /// <summary>What the first run could not deliver waits; the form is that of the run that delivers it.</summary>
    [Fact]
    public void Serve_RunThatDeliversWantsProtobuf_RecordsOfTheRunBeforeComeAsMessagesToo()
    {
        using var kafka = new MockKafka();
        kafka.GoDown();
        var serve = "$serveflow serve bundle -r flows.pcap --speed max --kafka " + kafka.Servers;
        ProgramProcess.Run(folder, serve + " --stop-timeout 0.1");
        kafka.ComeUp();
        var (code, _, said) = ProgramProcess.Run(folder, serve + " --kafka-format protobuf");

        Assert.Equal((CommandRunner.Succeeded, said), (code, said));
        var records = kafka.Read("serveflow.flows", 4 * Flows)
            .ConvertAll(record => (record.Key, Message: Record.Parser.ParseFrom(record.Value)));
        Assert.All(records, record => Assert.Equal(record.Key, record.Message.CommunityId));
        Assert.Equal(Enumerable.Range(1, 4 * Flows), records.Select(record => Number(record.Message.RecordId)).Order());
        Assert.All(records.GroupBy(record => record.Key), flow => Assert.Equal(
            ["prediction", "flow", "prediction", "flow"], flow.Select(one => one.Message.EventType)));
    }

    [Theory]
    [InlineData("--kafka host", "--kafka 'host': give brokers as HOST:PORT")]
    [InlineData("--kafka h:1 --kafka-topic 'a b'", "--kafka-topic 'a b': give at most 249 letters")]
    [InlineData("--kafka h:1 --kafka-format avro", "--kafka-format: 'avro': give 'json' or 'protobuf'")]
    [InlineData("--kafka h:1 --kafka-config no", "no: cannot be read")]
    [InlineData("--kafka h:1 --kafka-config acks", "acks:2: acks: is set by the sensor")]
    [InlineData("--kafka h:1 --kafka-config words", "words:1: is no NAME=VALUE: give a setting")]
    [InlineData("--kafka h:1 --kafka-config unknown", "kafka h:1: No such configuration property")]
    public void Serve_WrongSettings_AreSaidInOneLine(string options, string expected)
    {
        File.WriteAllText(At("acks"), "# mine\nacks=0\n");
        File.WriteAllText(At("words"), "some words\n");
        File.WriteAllText(At("unknown"), "no.such.thing=1\n");

        var (code, _, said) = ProgramProcess.Run(folder, $"$serveflow serve bundle -r flows.pcap {options}");

        Assert.NotEqual(0, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd().Split('\n'));
        Assert.DoesNotContain("some words", said, StringComparison.Ordinal);
    }

    bool HasSaid(string words) => File.ReadAllText(At("said")).Contains(words, StringComparison.Ordinal);

    /// <summary>Every record is there once, with the key of its flow, and a flow's records are in order.</summary>
    static void AssertRecords(List<(string? Key, byte[] Value)> records)
    {
        var read = records.ConvertAll(record => (record.Key, Json: JsonDocument.Parse(record.Value).RootElement));
        Assert.All(read, record => Assert.Equal(record.Key, record.Json.GetProperty("community_id").GetString()));
        Assert.Equal(Enumerable.Range(1, 2 * Flows), read.Select(record => Number(record.Json)).Order());
        Assert.All(read.GroupBy(record => record.Key), flow =>
        {
            Assert.Equal(["prediction", "flow"], flow.Select(one => one.Json.GetProperty("event_type").GetString()!));
            Assert.True(Number(flow.First().Json) < Number(flow.Last().Json));
        });
    }

    static int Number(JsonElement record) => Number(record.GetProperty("record_id").GetString()!);

    static int Number(string recordId) => int.Parse(recordId[17..]);

    string At(string name) => Path.Combine(folder, name);
}
