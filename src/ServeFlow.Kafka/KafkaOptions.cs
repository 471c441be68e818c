using Confluent.Kafka;

namespace ServeFlow.Kafka;

/// <summary>Says how records reach a cluster of Kafka.</summary>
/// <param name="Servers">Brokers to ask first: <c>HOST:PORT</c>, with commas between several.</param>
public sealed record KafkaOptions(string Servers)
{
    /// <summary>Values are lines of EVE.</summary>
    public const string Json = "json";

    /// <summary>Values are messages of docs/formats/records.proto.</summary>
    public const string Protobuf = "protobuf";

    /// <summary>Holds what delivery at least once and in order rests on; a file of settings cannot change it.</summary>
    static readonly string[] Fixed =
        ["bootstrap.servers", "metadata.broker.list", "enable.idempotence", "acks", "request.required.acks",
            "transactional.id"];

    public required string Topic { get; init; }

    /// <summary>Gets the form of the values: <see cref="Json"/> or <see cref="Protobuf"/>.</summary>
    public string Format { get; init; } = Json;

    /// <summary>Gets further settings of librdkafka, such as those of TLS and SASL.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Reads settings from a file: <c>NAME=VALUE</c> lines, as Kafka's own tools and kcat have them.</summary>
    /// <exception cref="InputException">The file cannot be read, or has what is no setting.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadSettings(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.TrimEnd('.')}; give a file of librdkafka's "
                + "settings", e);
        }

        return [.. lines.Select((line, i) => (Text: line.Trim(), Place: $"{path}:{i + 1}"))
            .Where(line => line.Text.Length > 0 && line.Text[0] != '#')
            .Select(line => ParseSetting(line.Text, line.Place))];
    }

    /// <summary>Makes the settings of the producer.</summary>
    internal ProducerConfig ToConfig()
    {
        var config = new ProducerConfig
        {
            BootstrapServers = Servers,
            ClientId = "serveflow",
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 5,
            MessageTimeoutMs = 30_000,
            LogConnectionClose = false,
        };
        foreach (var (name, value) in Settings)
        {
            config.Set(name, value);
        }

        return config;
    }

    static KeyValuePair<string, string> ParseSetting(string text, string place)
    {
        var sign = text.IndexOf('=');
        if (sign <= 0)
        {
            // The line is not shown: it may hold a password, and messages go to logs.
            throw new InputException($"{place}: is no NAME=VALUE: give a setting such as security.protocol=SASL_SSL");
        }

        var name = text[..sign].Trim();
        return !Fixed.Contains(name) && !name.StartsWith("dotnet.", StringComparison.Ordinal)
            ? new(name, text[(sign + 1)..].Trim())
            : throw new InputException($"{place}: {name}: is set by the sensor, so that records arrive in order: leave "
                + "it out");
    }
}
