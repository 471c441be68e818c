using System.Net;
using System.Net.Sockets;

namespace ServeFlow.Testing;

/// <summary>Finds ports of this machine for servers that a test starts.</summary>
public static class TcpPort
{
    /// <summary>Finds a port on which nothing listens now.</summary>
    public static int FindFree()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
