using System.Buffers;
using Confluent.Kafka;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Kafka;

/// <summary>
/// Takes records to a topic of Kafka as lines of EVE with the record's id, or the same as messages of Protobuf. The key
/// is the Community ID, so that the records of a flow are in one partition and in order. A batch is confirmed when all
/// replicas in sync have it (<c>acks=all</c>); the producer is idempotent, so that its own retries neither double nor
/// reorder records.
/// </summary>
/// <param name="options">The cluster, the topic and further settings.</param>
public sealed class KafkaDestination(KafkaOptions options) : IDestination
{
    /// <summary>Keeps a fast cluster busy while batches before are on their way: 32,768 records at most.</summary>
    const int MaxFlights = 32;

    static readonly TimeSpan MetadataTime = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    readonly ArrayBufferWriter<byte> line = new();
    readonly Queue<Flight> flights = [];
    IProducer<byte[]?, byte[]>? producer;
    volatile string? trouble;
    volatile bool isAborted;

    public string Address => $"{options.Servers} {options.Topic}";

    static ReadOnlySpan<byte> KeyField => "\"community_id\":\""u8;

    /// <summary>Checks the settings, without asking for the cluster.</summary>
    /// <exception cref="InputException">The library refuses them.</exception>
    public static void Check(KafkaOptions options)
    {
        try
        {
            Build(options, _ => { }).Dispose();
        }
        catch (IOException e)
        {
            throw new InputException($"kafka {options.Servers}: {e.Message.TrimEnd('.')}; see librdkafka's "
                + "CONFIGURATION.md for its settings", e);
        }
    }

    public void Send(SpoolBatch batch)
    {
        var open = producer ??= Connect();
        while (flights.Count >= MaxFlights && !flights.Peek().IsOver)
        {
            Wait();
        }

        var flight = new Flight(batch.Count);
        flights.Enqueue(flight);
        for (var i = 0; i < batch.Count; i++)
        {
            Produce(open, batch[i], flight);
        }
    }

    public int Confirm()
    {
        var count = 0;
        for (; flights.TryPeek(out var flight) && flight.IsOver; count++)
        {
            if (flight.Error is { } error)
            {
                return count > 0 ? count : throw new IOException(Explain(error.Reason));
            }

            flights.Dequeue();
        }

        return count;
    }

    public int Finish(TimeSpan limit)
    {
        try
        {
            producer?.Flush(limit);
            return Confirm();
        }
        catch (Exception e) when (e is KafkaException or IOException)
        {
            return 0;
        }
    }

    public void Reset()
    {
        producer?.Dispose();
        producer = null;
        flights.Clear();
    }

    public void Abort() => isAborted = true;

    public void Dispose() => Reset();

    /// <exception cref="IOException">The library refuses the settings or a file that they name.</exception>
    static IProducer<byte[]?, byte[]> Build(KafkaOptions options, Action<Error> hear)
    {
        try
        {
            var builder = new ProducerBuilder<byte[]?, byte[]>(options.ToConfig());
            builder.SetLogHandler((_, _) => { });
            builder.SetErrorHandler((_, error) => hear(error));
            return builder.Build();
        }
        catch (Exception e) when (e is KafkaException or InvalidOperationException or ArgumentException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Asks for the topic, so that a cluster that is not there is said at once.</summary>
    IProducer<byte[]?, byte[]> Connect()
    {
        trouble = null;
        var made = Build(options, error => trouble = error.Reason);
        var asking = Task.Run(() => FindTopic(made));
        while (!asking.IsCompleted)
        {
            if (isAborted)
            {
                _ = asking.ContinueWith(_ => made.Dispose(), TaskScheduler.Default); // the library is still asking
            }

            Wait();
        }

        try
        {
            asking.GetAwaiter().GetResult();
            return made;
        }
        catch (KafkaException e)
        {
            made.Dispose();
            throw new IOException(Explain(e.Error.Reason), e);
        }
    }

    /// <exception cref="KafkaException">No broker answers, or there is no such topic.</exception>
    void FindTopic(IProducer<byte[]?, byte[]> made)
    {
        using var admin = new DependentAdminClientBuilder(made.Handle).Build();
        if (admin.GetMetadata(options.Topic, MetadataTime).Topics.Single().Error is { IsError: true } error)
        {
            throw new KafkaException(error);
        }
    }

    void Produce(IProducer<byte[]?, byte[]> open, SpooledRecord record, Flight flight)
    {
        var message = new Message<byte[]?, byte[]>
        {
            Key = EveLine.FindText(record.Payload, KeyField) is { Length: > 0 } key ? key.ToArray() : null,
            Value = options.Format == KafkaOptions.Protobuf ? RecordMessage.Encode(record) : EncodeLine(record),
        };
        while (true)
        {
            try
            {
                open.Produce(options.Topic, message, flight.Report);
                return;
            }
            catch (ProduceException<byte[]?, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                Wait();
            }
            catch (KafkaException e)
            {
                throw new IOException(Explain(e.Error.Reason), e);
            }
        }
    }

    byte[] EncodeLine(SpooledRecord record)
    {
        line.ResetWrittenCount();
        RecordId.WriteLine(record, line);
        return line.WrittenSpan.ToArray();
    }

    void Wait()
    {
        if (isAborted)
        {
            throw new IOException("the sensor stops");
        }

        Thread.Sleep(Pause);
    }

    /// <summary>Adds the library's latest message, which often names the cause.</summary>
    string Explain(string reason) => trouble is { } said && said != reason ? $"{reason}: {said}" : reason;

    /// <summary>Counts what has become of the records of a batch; reports come on the library's thread.</summary>
    sealed class Flight(int count)
    {
        int left = count;

        public bool IsOver => Volatile.Read(ref left) == 0;

        /// <summary>Gets why a record did not arrive; null where all did.</summary>
        public Error? Error { get; private set; }

        public void Report(DeliveryReport<byte[]?, byte[]> report)
        {
            Error = report.Error.IsError ? report.Error : Error;
            Interlocked.Decrement(ref left);
        }
    }
}
