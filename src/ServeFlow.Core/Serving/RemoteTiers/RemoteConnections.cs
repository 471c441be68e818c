namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Says how servers are connected to, over HTTP and gRPC alike.</summary>
public static class RemoteConnections
{
    /// <summary>Limits the size of an answer.</summary>
    public const int MaxAnswerBytes = 32 << 20;

    /// <summary>Specifies how long a connection may take. Without it a server whose link was cut would be tried again
    /// after minutes, as the kernel doubles its pauses.</summary>
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Specifies how long a connection is used: a name may come to stand for another address.</summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Creates what connects.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = Lifetime,
    };
}
