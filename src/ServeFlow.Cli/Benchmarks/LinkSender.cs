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
    readonly string name;

    /// <exception cref="InputException">There is no such interface, or no permission.</exception>
    public LinkSender(string name)
    {
        var found = NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(one => one.Name == name)
            ?? throw new InputException($"--send {InputException.Quote(name)}: no such interface: give one end of a "
                + "link whose other end is -i");
        this.name = name;
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
    /// <exception cref="InputException">The link is down, or does not take frames of this length.</exception>
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

            Send(packet.Bytes);
        }
    }

    void Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            socket.Send(frame);
        }
        catch (SocketException e)
        {
            throw new InputException($"--send {name}: a frame of {frame.Length} bytes could not be sent ({e.Message}): "
                + "both ends of the link must be up, with an MTU of 1500 or more", e);
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
