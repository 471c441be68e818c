using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Represents a connection to a receiver of bytes, which knows how many of them the receiver has read for certain.
/// No byte of acknowledgement is expected of the receiver: the kernel's account of the connection says it.
/// </summary>
sealed class ReceiverConnection : IDisposable
{
    static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>Specifies the time after which a connection is given up whose bytes are not acknowledged.</summary>
    const int UserTimeoutMs = 60_000;

    const int UserTimeout = 18; // TCP_USER_TIMEOUT

    readonly Socket socket;
    readonly Stream stream;
    readonly ReceiverProgress progress;
    readonly bool isTls;
    readonly byte[] scratch = new byte[1024];
    Task<int> answer;

    ReceiverConnection(Socket socket, Stream stream, ReceiverProgress progress)
    {
        (this.socket, this.stream, this.progress) = (socket, stream, progress);
        isTls = stream is SslStream;
        answer = stream.ReadAsync(scratch).AsTask();
    }

    /// <summary>Gets how many bytes were handed to the kernel, those of TLS included.</summary>
    public long Written => progress.Written;

    /// <exception cref="IOException">The receiver cannot be reached, or does not prove who it is.</exception>
    public static ReceiverConnection Connect(ReceiverAddress address, TlsCredentials? credentials,
        CancellationToken stop = default)
    {
        var socket = address.Kind == ReceiverKind.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Connect(socket, address, stop);
            var progress = ReceiverProgress.Begin(socket, address.Kind);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new(socket, address.Kind == ReceiverKind.Tls
                ? (credentials ?? TlsCredentials.Default).Authenticate(stream, address.Host, ConnectTime)
                : stream, progress);
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new IOException(e.Message, e) : e;
        }
    }

    /// <exception cref="IOException">The connection has ended.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
            progress.Add(bytes.Length);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Counts the bytes that the receiver has read for certain.</summary>
    /// <exception cref="IOException">The connection has ended, and what the receiver had read of it was counted.
    /// </exception>
    public long CountRead()
    {
        if (!answer.IsCompleted)
        {
            return progress.CountRead();
        }

        if (answer.IsFaulted)
        {
            throw new IOException(answer.Exception!.InnerException!.Message, answer.Exception);
        }

        if (answer.Result > 0)
        {
            answer = stream.ReadAsync(scratch).AsTask(); // nothing that a receiver says means anything here
            return progress.CountRead();
        }

        HasEnded = true;
        return isTls ? progress.CountRead() : progress.CountArrived();
    }

    /// <summary>Gets whether the receiver has closed the connection in order.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Says that nothing more comes, and waits until the receiver has read everything and closes.</summary>
    /// <param name="limit">How long to wait at most, also for a receiver that goes on sending.</param>
    /// <returns>Whether it did.</returns>
    public bool TryFinish(TimeSpan limit)
    {
        var time = new TimeLimit(limit);
        try
        {
            if (stream is SslStream tls)
            {
                SendCloseAlert(tls, time);
            }

            socket.Shutdown(SocketShutdown.Send);
            while (time.Left is var left && left > TimeSpan.Zero && answer.Wait(left))
            {
                if (answer.Result == 0)
                {
                    return !isTls || IsClosed(time);
                }

                answer = stream.ReadAsync(scratch).AsTask();
            }

            return false;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException
            or AggregateException or CryptographicException)
        {
            return false;
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Sends TLS's alert that nothing more comes. OpenSSL refuses it for as long as a session ticket is being
    /// read, which a receiver may send at any time after the handshake: it is tried again then.</summary>
    static void SendCloseAlert(SslStream tls, TimeLimit time)
    {
        while (true)
        {
            try
            {
                tls.ShutdownAsync().Wait(time.Left);
                return;
            }
            catch (CryptographicException) when (time.Left > TimeSpan.Zero)
            {
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>Waits for the end of the connection below TLS: what was not read would have reset it.</summary>
    bool IsClosed(TimeLimit time)
    {
        while (time.Left is var left && left > TimeSpan.Zero)
        {
            socket.ReceiveTimeout = Math.Max(1, (int)left.TotalMilliseconds);
            if (socket.Receive(scratch) == 0)
            {
                return true;
            }
        }

        return false;
    }

    static void Connect(Socket socket, ReceiverAddress address, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ConnectTime);
        try
        {
            if (address.Kind == ReceiverKind.Unix)
            {
                socket.Connect(new UnixDomainSocketEndPoint(address.Host));
                return;
            }

            socket.ConnectAsync(address.Host, address.Port, limit.Token).AsTask().GetAwaiter().GetResult();
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeout, BitConverter.GetBytes(UserTimeoutMs));
        }
        catch (SocketException e) when (address.Kind == ReceiverKind.Unix && !File.Exists(address.Host))
        {
            throw new IOException("there is no such socket", e);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TryAgain)
        {
            throw new IOException("no name server answers for this name", e); // the system says: try again
        }
        catch (OperationCanceledException e)
        {
            throw new IOException(stop.IsCancellationRequested ? "the sensor stops"
                : $"no answer within {ConnectTime.TotalSeconds:F0} s", e);
        }
    }
}
