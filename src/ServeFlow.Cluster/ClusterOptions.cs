using System.Net;

namespace ServeFlow.Cluster;

/// <summary>Says which cluster a sensor or a worker belongs to.</summary>
public sealed record ClusterOptions
{
    /// <summary>Specifies the port at which a worker answers sensors by default.</summary>
    public const int DefaultPort = 30_000;

    /// <summary>Gets the cluster's name: a stranger with another one is sent away.</summary>
    public required string Id { get; init; }

    public ClusterMembership Membership { get; init; }

    /// <summary>
    /// Gets where the list of workers is: the connection string of Redis or PostgreSQL. Without either, the workers'
    /// addresses, <c>HOST:PORT</c>, with commas between several; only a sensor needs them.
    /// </summary>
    public string Connection { get; init; } = $"127.0.0.1:{DefaultPort}";

    /// <summary>Gets the certificates that connections are encrypted by; null for none.</summary>
    public ClusterTls? Tls { get; init; }

    /// <summary>Reads the workers' addresses.</summary>
    /// <exception cref="InputException">One is none, or is not on this machine and there are no certificates.
    /// </exception>
    internal IPEndPoint[] ReadAddresses() => [.. Connection.Split(',', StringSplitOptions.TrimEntries).Select(text =>
    {
        if (!TryParse(text, out var address))
        {
            throw new InputException($"--cluster-connection '{text}': is no worker's address: give IP:PORT, with "
                + "commas between several");
        }

        CheckEncrypted(address, Tls);
        return address;
    })];

    /// <summary>Reads <c>IP:PORT</c>, or an IP address alone with the usual port.</summary>
    public static bool TryParse(string text, out IPEndPoint address)
    {
        var isRead = IPEndPoint.TryParse(text, out var parsed);
        address = parsed is { Port: 0 } ? new(parsed.Address, DefaultPort) : parsed!;
        return isRead;
    }

    /// <summary>Refuses an address that others reach too, where nothing tells who they are.</summary>
    /// <exception cref="InputException">It is one, and there are no certificates.</exception>
    public static void CheckEncrypted(IPEndPoint address, ClusterTls? tls)
    {
        if (tls is null && !IPAddress.IsLoopback(address.Address))
        {
            throw new InputException($"{address}: is not on this machine, and nothing tells friends from strangers: "
                + "give certificates with --cluster-cert and --cluster-ca, or an address such as 127.0.0.1:30000");
        }
    }
}
