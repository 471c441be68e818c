namespace ServeFlow.Sinks.Delivery;

/// <summary>Provides the forms in which records are delivered over a network; users choose by these names.</summary>
public static class DeliveryFormat
{
    /// <summary>JSON Lines over a TCP, TLS or Unix socket.</summary>
    public const string Socket = "socket";

    /// <summary>Names messages of syslog over TCP or TLS.</summary>
    public const string Syslog = "syslog";

    /// <summary>Names messages of IPFIX over TCP or TLS: ended flows alone.</summary>
    public const string Ipfix = "ipfix";

    /// <summary>A topic of Kafka: written by ServeFlow.Kafka, not here.</summary>
    public const string Kafka = "kafka";

    public static IReadOnlyList<string> Names { get; } = [Socket, Syslog, Kafka, Ipfix];

    public static bool Has(string format) => Names.Contains(format);

    /// <summary>Checks the address of a receiver, without asking for it.</summary>
    /// <exception cref="InputException">The format has no such addresses.</exception>
    public static void Check(string format, string address)
    {
        if (format == Kafka)
        {
            CheckServers(address);
        }
        else
        {
            Parse(format, address);
        }
    }

    /// <summary>Creates what takes records to a receiver; connects when there is a record.</summary>
    /// <param name="format">The name of the format.</param>
    /// <param name="address">Where the receiver listens.</param>
    /// <param name="credentials">What is shown and trusted over TLS; null for what the system trusts.</param>
    /// <param name="facility">The facility of messages of syslog.</param>
    /// <param name="enterprise">The enterprise of IPFIX's own elements.</param>
    /// <exception cref="InputException">The format has no such addresses.</exception>
    public static IDestination CreateDestination(string format, string address, TlsCredentials? credentials = null,
        string facility = "local5", uint enterprise = IpfixFraming.DefaultEnterprise)
    {
        IRecordFraming framing = format switch
        {
            Syslog => new SyslogFraming(facility),
            Ipfix => new IpfixFraming(enterprise),
            _ => new JsonLines(),
        };
        return new StreamDestination(Parse(format, address), framing, credentials);
    }

    static void CheckServers(string servers)
    {
        foreach (var server in servers.Split(','))
        {
            try
            {
                ReceiverAddress.Parse("tcp:" + server);
            }
            catch (InputException)
            {
                throw new InputException($"'{servers}': give brokers as HOST:PORT, with commas between several");
            }
        }
    }

    /// <summary>Reads an address; that of another kind than TCP's is an error that does not offer Unix sockets, which
    /// only <see cref="Socket"/> takes.</summary>
    static ReceiverAddress Parse(string format, string text) => format == Socket
        || text.StartsWith("tcp:", StringComparison.Ordinal) || text.StartsWith("tls:", StringComparison.Ordinal)
            ? ReceiverAddress.Parse(text)
            : throw new InputException($"'{text}': {format} is delivered over a network: give tcp:HOST:PORT or "
                + "tls:HOST:PORT");
}
