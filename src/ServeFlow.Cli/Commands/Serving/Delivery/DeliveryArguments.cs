using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;
using ServeFlow.Kafka;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Cli.Commands.Serving.Delivery;

/// <summary>Provides the options of <c>serve</c> that have records delivered to receivers.</summary>
static class DeliveryArguments
{
    static readonly Option<string?> Socket = Receiver(DeliveryFormat.Socket, "Deliver records as JSON Lines to a "
        + "receiver, such as tcp:logs.example.net:5170; what it has not taken waits in --spool",
        "tcp:HOST:PORT|tls:HOST:PORT|unix:PATH");

    static readonly Option<string?> Syslog = Receiver(DeliveryFormat.Syslog, "Deliver records as messages of syslog "
        + "(RFC 5424) to a receiver, such as tls:logs.example.net:6514; what it has not taken waits in --spool",
        "tcp:HOST:PORT|tls:HOST:PORT");

    static readonly Option<string?> Kafka = Receiver(DeliveryFormat.Kafka, "Deliver records to a topic of Kafka, by "
        + "one or more of its brokers; what it has not taken waits in --spool", "HOST:PORT[,HOST:PORT]");

    static readonly Option<string?> Ipfix = Receiver(DeliveryFormat.Ipfix, "Deliver ended flows as IPFIX (RFC 7011) to "
        + "a collector, such as tcp:flows.example.net:4739; what it has not taken waits in --spool",
        "tcp:HOST:PORT|tls:HOST:PORT");

    static readonly Option<long> Enterprise = NumberOptions.Create<long>("--ipfix-enterprise", "N",
        "Enterprise number of the elements of IPFIX that hold label, confidence and tier", 1, uint.MaxValue,
        IpfixFraming.DefaultEnterprise);

    static readonly Option<string> Topic = new("--kafka-topic")
    {
        Description = "Topic of Kafka; the key is the Community ID",
        HelpName = "TOPIC",
        DefaultValueFactory = _ => DeliveryOptions.DefaultTopic,
        Validators = { CheckTopic },
    };

    static readonly Option<string> KafkaFormat = new Option<string>("--kafka-format")
    {
        Description = "Form of the values in Kafka: lines of JSON, or messages of docs/formats/records.proto",
        HelpName = "json|protobuf",
        DefaultValueFactory = _ => KafkaOptions.Json,
    }.OneOf(KafkaOptions.Json, KafkaOptions.Protobuf);

    static readonly Option<string?> KafkaSettings = PathOptions.Create("--kafka-config",
        "Further settings of librdkafka, NAME=VALUE lines, such as those of TLS and SASL");

    static readonly Option<string> Facility = new Option<string>("--syslog-facility")
    {
        Description = "Facility of messages of syslog, such as user, daemon, local0",
        HelpName = "NAME",
        DefaultValueFactory = _ => DeliveryOptions.DefaultFacility,
    }.OneOf([.. SyslogFraming.FacilityNames]);

    static readonly Option<string> Folder = new("--spool")
    {
        Description = "Directory where records wait for receivers, also from one run to the next; it gets a folder for "
            + "each",
        HelpName = "DIR",
        DefaultValueFactory = _ => DeliveryOptions.DefaultFolder,
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<long?> MaxBytes = CreateSize();

    static readonly Option<string?> Authorities = PathOptions.Create("--tls-ca",
        "Certificates (PEM) of the authorities that sign those of receivers over TLS. Default: those of the system");

    static readonly Option<string?> Certificate = PathOptions.Create("--tls-cert",
        "The sensor's certificate (PEM), for receivers over TLS that ask for one");

    static readonly Option<string?> Key = PathOptions.Create("--tls-key",
        "The key of --tls-cert (PEM). Default: it is in the same file");

    /// <summary>Gets the options that name a receiver.</summary>
    public static IReadOnlyList<Option> Receivers => [Socket, Syslog, Kafka, Ipfix];

    /// <summary>Gets the settings of a configuration that the others are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        new("delivery.spool", Folder), new("delivery.spool-size", MaxBytes), new("delivery.tls-ca", Authorities),
        new("delivery.tls-cert", Certificate), new("delivery.tls-key", Key),
        new("delivery.syslog-facility", Facility), new("delivery.kafka-topic", Topic),
        new("delivery.kafka-format", KafkaFormat), new("delivery.kafka-config", KafkaSettings),
        new("delivery.ipfix-enterprise", Enterprise),
    ];

    /// <param name="hasDelivery">Whether an item of the outputs is delivered.</param>
    public static void AddTo(Command command, Func<CommandResult, bool> hasDelivery)
    {
        foreach (var option in Receivers)
        {
            command.Options.Add(option);
        }

        foreach (var option in Rows.Select(row => (Option)row.Symbol))
        {
            command.Options.Add(option);
            if (option == Authorities || option == Certificate || option == Key)
            {
                command.Require(option, result => hasDelivery(result) || IsTlsGiven(result),
                    "is about receivers over TLS: give one as tls:HOST:PORT; Kafka's TLS is set in --kafka-config");
            }
            else
            {
                command.Require(option,
                    result => hasDelivery(result) || Receivers.Any(receiver => OptionRules.IsGiven(result, receiver)),
                    $"is about records that are delivered: give a receiver, such as {Example(option)}, or leave it "
                    + "out");
            }
        }

        command.RequireWith(Certificate, "is the key of a certificate: give that with --tls-cert", Key);
    }

    public static DeliveryOptions Read(ParseResult parsed) => new()
    {
        Folder = parsed.GetRequiredValue(Folder),
        MaxBytes = parsed.GetValue(MaxBytes),
        Authorities = parsed.GetValue(Authorities),
        Certificate = parsed.GetValue(Certificate),
        Key = parsed.GetValue(Key),
        Facility = parsed.GetRequiredValue(Facility),
        Topic = parsed.GetRequiredValue(Topic),
        Enterprise = (uint)parsed.GetValue(Enterprise),
        KafkaFormat = parsed.GetRequiredValue(KafkaFormat),
        KafkaSettings = parsed.GetValue(KafkaSettings),
    };

    /// <summary>Reads the receivers that options name: formats and addresses.</summary>
    public static IReadOnlyList<(string Format, string? Address)> ReadReceivers(ParseResult parsed) =>
    [
        (DeliveryFormat.Socket, parsed.GetValue(Socket)), (DeliveryFormat.Syslog, parsed.GetValue(Syslog)),
        (DeliveryFormat.Kafka, parsed.GetValue(Kafka)), (DeliveryFormat.Ipfix, parsed.GetValue(Ipfix)),
    ];

    /// <summary>Gets a receiver that an option is about.</summary>
    static string Example(Option option) => option == Topic || option == KafkaFormat || option == KafkaSettings
            ? "--kafka HOST:PORT"
        : option == Facility ? "--syslog tcp:HOST:PORT"
        : option == Enterprise ? "--ipfix tcp:HOST:PORT"
        : "--socket tcp:HOST:PORT";

    static bool IsTlsGiven(CommandResult result) => new[] { Socket, Syslog, Ipfix }.Any(receiver =>
        result.GetValue(receiver)?.StartsWith("tls:", StringComparison.Ordinal) == true);

    static Option<string?> Receiver(string format, string description, string place) => new($"--{format}")
    {
        Description = description,
        HelpName = place,
        Validators = { result => CheckAddress(result, format) },
    };

    static Option<long?> CreateSize()
    {
        var size = SizeOptions.Create("--spool-size", "How much may wait for each receiver, such as 10GiB; beyond it "
            + "the oldest records are dropped and counted. Default: 1GiB");
        size.Validators.Add(CheckSize);
        return size;
    }

    static void CheckAddress(OptionResult result, string format)
    {
        try
        {
            DeliveryFormat.Check(format, result.GetValueOrDefault<string>());
        }
        catch (InputException e)
        {
            result.AddError($"{result.Option.Name} {e.Message}");
        }
    }

    /// <summary>Kafka's own rule for names.</summary>
    static void CheckTopic(OptionResult result)
    {
        var topic = result.GetValueOrDefault<string>();
        if (topic is "" or "." or ".." or { Length: > 249 }
            || !topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            result.AddError($"--kafka-topic '{topic}': give at most 249 letters, digits, '.', '_' and '-'");
        }
    }

    static void CheckSize(OptionResult result)
    {
        if (result.Tokens is [var token] && SizeOptions.Parse(token.Value) is < SpoolOptions.MinBytes)
        {
            result.AddError($"--spool-size '{token.Value}': give 4MiB or more");
        }
    }
}
