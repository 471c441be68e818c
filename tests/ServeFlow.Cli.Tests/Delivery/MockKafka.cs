using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary>
/// The cluster that librdkafka has built in for tests: it speaks Kafka's protocol at ports of this machine, keeps
/// records in memory, and its brokers can be taken away and come back.
/// </summary>
sealed class MockKafka : IDisposable
{
    const int Brokers = 2;

    readonly IProducer<Null, byte[]> owner;
    readonly nint library;
    readonly nint cluster;

    public MockKafka()
    {
        var config = new ProducerConfig { BootstrapServers = "none" };
        config.Set("test.mock.num.brokers", $"{Brokers}");
        owner = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(owner.Handle).Build();
        Servers = string.Join(',', admin.GetMetadata(TimeSpan.FromSeconds(10)).Brokers
            .Select(broker => $"{broker.Host}:{broker.Port}"));
        library = NativeLibrary.Load(File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.IndexOf('/') + 1)..].Insert(0, "/")).First(path => path.Contains("rdkafka.so")));
        cluster = Find<FindCluster>("rd_kafka_handle_mock_cluster")(Pointer(owner.Handle));
    }

    delegate nint FindCluster(nint owner);

    delegate int ChangeBroker(nint cluster, int broker);

    public string Servers { get; }

    /// <summary>Takes all brokers away: connections end, and no new one is taken.</summary>
    public void GoDown() => Apply("rd_kafka_mock_broker_set_down");

    public void ComeUp() => Apply("rd_kafka_mock_broker_set_up");

    /// <summary>Reads so many records of a topic from its beginning, or as many as come.</summary>
    public List<(string? Key, byte[] Value)> Read(string topic, int count)
    {
        using var consumer = new ConsumerBuilder<string?, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Servers,
            GroupId = "test",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(topic);
        var all = new List<(string?, byte[])>();
        while (all.Count < count && consumer.Consume(TimeSpan.FromSeconds(20)) is { Message: var message })
        {
            all.Add((message.Key, message.Value));
        }

        return all;
    }

    public void Dispose()
    {
        owner.Dispose();
        NativeLibrary.Free(library);
    }

    void Apply(string function)
    {
        var apply = Find<ChangeBroker>(function);
        for (var broker = 1; broker <= Brokers; broker++)
        {
            if (apply(cluster, broker) != 0)
            {
                throw new InvalidOperationException(function);
            }
        }
    }

    T Find<T>(string function) where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, function));

    /// <summary>The library's own pointer, which its binding for .NET keeps to itself.</summary>
    static nint Pointer(Handle handle) => ((SafeHandle)handle.GetType()
        .GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(handle)!)
        .DangerousGetHandle();
}
