namespace ServeFlow.Sinks.Delivery;

/// <summary>The forms in which records are delivered over a network; users choose by these names.</summary>
public static class DeliveryFormat
{
    /// <summary>JSON Lines over a TCP, TLS or Unix socket.</summary>
    public const string Socket = "socket";

    public static IReadOnlyList<string> Names { get; } = [Socket];

    public static bool Has(string format) => Names.Contains(format);

    /// <summary>Checks the address of a receiver, without asking for it.</summary>
    /// <exception cref="InputException">The format has no such addresses.</exception>
    public static void Check(string address) => ReceiverAddress.Parse(address);

    /// <summary>Creates what takes records to a receiver; connects when there is a record.</summary>
    /// <exception cref="InputException">The format has no such addresses.</exception>
    public static IDestination CreateDestination(string address, TlsCredentials? credentials) =>
        new StreamDestination(ReceiverAddress.Parse(address), new JsonLines(), credentials);
}
