using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ServeFlow.Packets;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Sends frames out of an interface at the pace of their timestamps.</summary>
sealed class LinkSender : IDisposable
{
    readonly Socket socket;

    /// <exception cref="InputException">There is no such interface, or no permission.</exception>
    public LinkSender(string name)
    {
        var found = NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one => one.Name == name)
            ?? throw new InputException($"--send {InputException.Quote(name)}: no such interface: give one end of a "
                + "link whose other end is -i");
        try
        {
            socket = new(AddressFamily.Packet, SocketType.Raw, 0);
            socket.Bind(new LinkEndPoint(found.GetIPProperties().GetIPv4Properties().Index));
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new InputException($"--send {name}: the system refused ({e.Message}): run as root", e);
        }
    }

    /// <summary>Sends all packets, each when it is due; those that are late go at once.</summary>
    public void Send(PacketMemory packets, CancellationToken cancel)
    {
        var (start, firstNs) = (Stopwatch.GetTimestamp(), packets[0].TimestampNs);
        for (var i = 0; i < packets.Count && !cancel.IsCancellationRequested; i++)
        {
            var packet = packets[i];
            while (Stopwatch.GetElapsedTime(start).TotalNanoseconds < packet.TimestampNs - firstNs)
            {
                Thread.Yield(); // the other end may have no core but this one
            }

            socket.Send(packet.Bytes);
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary><c>struct sockaddr_ll</c> of an interface.</summary>
    sealed class LinkEndPoint(int index) : EndPoint
    {
        const int Bytes = 20;
        const int IndexAt = 4;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, Bytes);
            for (var i = 0; i < sizeof(int); i++)
            {
                address[IndexAt + i] = (byte)(index >> (8 * i));
            }

            return address;
        }
    }
}
