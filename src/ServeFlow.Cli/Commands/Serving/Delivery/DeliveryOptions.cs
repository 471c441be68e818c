using System.Text;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Cli.Commands.Serving.Delivery;

/// <summary>Says how records are kept until a receiver has them, and how the receiver is reached.</summary>
sealed record DeliveryOptions
{
    public const string DefaultFolder = "spool";

    public const string DefaultTopic = "serveflow.flows";

    /// <summary>Specifies the facility that Suricata has by default.</summary>
    public const string DefaultFacility = "local5";

    /// <summary>Gets the folder that has one for each receiver.</summary>
    public string Folder { get; init; } = DefaultFolder;

    /// <summary>Gets the most bytes that wait for each receiver; null for the usual.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Gets the file of the certificates that are trusted over TLS; null for those of the system.</summary>
    public string? Authorities { get; init; }

    /// <summary>Gets the file of the sensor's own certificate; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>Gets the file of its key; null where it is with the certificate.</summary>
    public string? Key { get; init; }

    /// <summary>Gets the enterprise of IPFIX's own elements.</summary>
    public uint Enterprise { get; init; } = Sinks.Delivery.IpfixFraming.DefaultEnterprise;

    /// <summary>Gets the topic of Kafka.</summary>
    public string Topic { get; init; } = DefaultTopic;

    /// <summary>Gets the form of the values in Kafka.</summary>
    public string KafkaFormat { get; init; } = Kafka.KafkaOptions.Json;

    /// <summary>Gets the file of further settings for Kafka; null for none.</summary>
    public string? KafkaSettings { get; init; }

    /// <summary>Gets the facility of messages of syslog.</summary>
    public string Facility { get; init; } = DefaultFacility;

    /// <summary>Gets the spool of a receiver: a folder whose name says which, and no other has.</summary>
    public SpoolOptions CreateSpool(string format, string address)
    {
        var spool = new SpoolOptions(Path.Combine(Folder, CreateName($"{format}-{address}")));
        return MaxBytes is { } bytes ? spool with { MaxBytes = bytes } : spool;
    }

    /// <summary>Letters, digits, dots and hyphens stay; where anything else did not, a checksum tells names apart.
    /// </summary>
    static string CreateName(string text)
    {
        var name = string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-'));
        return $"{(name.Length > 100 ? name[..100] : name)}-{Checksum(text):x8}";
    }

    /// <summary>FNV-1a, which stays what it is in every version.</summary>
    static uint Checksum(string text) => Encoding.UTF8.GetBytes(text)
        .Aggregate(2166136261u, (hash, next) => unchecked((hash ^ next) * 16777619u));
}
