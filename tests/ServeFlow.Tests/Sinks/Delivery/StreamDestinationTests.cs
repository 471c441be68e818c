using System.Net;
using System.Net.Sockets;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;
using ServeFlow.Tests.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

/// <summary>A batch is confirmed once the receiver has read it, and not when it has only arrived.</summary>
public sealed class StreamDestinationTests : IDisposable
{
    const int Records = 100;

    readonly SpoolFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Confirm_UnixReceiverHasReadIt_ConfirmsTheBatch()
    {
        var path = Path.Combine(folder.Path, "receiver.sock");
        using var listener = Listen(AddressFamily.Unix, new UnixDomainSocketEndPoint(path));
        using var destination = DeliveryFormat.CreateDestination(DeliveryFormat.Socket, $"unix:{path}");
        using var spool = Send(destination);
        using var receiver = listener.Accept();
        Assert.Equal(0, destination.Confirm());

        var lines = 0;
        var bytes = new byte[4096];
        while (lines < Records)
        {
            lines += bytes.AsSpan(0, receiver.Receive(bytes)).Count((byte)'\n');
        }

        Assert.Equal(1, destination.Confirm());
        Assert.Equal(0, destination.Confirm());
    }

    [Fact]
    public void Send_UnixSocketIsNotThere_SaysSo()
    {
        using var destination = DeliveryFormat.CreateDestination(DeliveryFormat.Socket,
            $"unix:{Path.Combine(folder.Path, "none.sock")}");

        Assert.Equal("there is no such socket", Assert.Throws<IOException>(() => Send(destination)).Message);
    }

    [Fact]
    public void Confirm_TcpReceiverHasNotReadIt_ConfirmsNothing()
    {
        using var listener = Listen(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Loopback, 0));
        using var destination = DeliveryFormat.CreateDestination(DeliveryFormat.Socket,
            $"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
        using var spool = Send(destination);
        using var receiver = listener.Accept();

        Assert.True(SpinWait.SpinUntil(() => receiver.Available > Records, TimeSpan.FromSeconds(10)));

        Assert.Equal(0, destination.Confirm());
    }

    /// <summary>A receiver that never stops sending must not keep the sensor from ending.</summary>
    [Fact]
    public async Task Finish_ReceiverThatGoesOnSending_IsLeftAtTheLimit()
    {
        using var listener = Listen(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Loopback, 0));
        using var destination = DeliveryFormat.CreateDestination(DeliveryFormat.Socket,
            $"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}");
        using var spool = Send(destination);
        using var receiver = listener.Accept();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var sending = Task.Run(() => SendUntil(receiver, end.Token), end.Token);

        var confirmed = await Task.Run(() => destination.Finish(TimeSpan.FromMilliseconds(300)), end.Token)
            .WaitAsync(TimeSpan.FromSeconds(30), end.Token);

        Assert.Equal(0, confirmed);
        await end.CancelAsync();
        await sending;
    }

    static void SendUntil(Socket receiver, CancellationToken end)
    {
        try
        {
            while (!end.IsCancellationRequested)
            {
                receiver.Send("ok\n"u8);
                Thread.Sleep(20);
            }
        }
        catch (SocketException)
        {
            // the sender has left
        }
    }

    static Socket Listen(AddressFamily family, EndPoint address)
    {
        var listener = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        return listener;
    }

    Spool Send(IDestination destination)
    {
        var spool = folder.Open();
        for (var i = 0; i < Records; i++)
        {
            spool.Append("{\"timestamp\":\"2026-03-01T14:00:00.000000+0000\",\"event_type\":\"flow\"}"u8);
        }

        spool.Commit();
        var batch = new SpoolBatch();
        spool.Take(batch);
        Assert.Equal(Records, batch.Count);
        destination.Send(batch);
        return spool;
    }
}
