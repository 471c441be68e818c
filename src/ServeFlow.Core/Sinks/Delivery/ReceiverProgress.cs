using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Says how far a receiver has come in reading a connection, by what the kernel knows. Of a Unix socket it knows what
/// has not been read. Of TCP it knows what has arrived in the receiver's memory; how much of that may still be unread
/// is bounded by the window that the receiver grants: what lies twice the largest window back has been read.
/// </summary>
abstract class ReceiverProgress
{
    /// <summary>Gets how many bytes were handed to the kernel.</summary>
    public abstract long Written { get; }

    public static ReceiverProgress Begin(Socket socket, ReceiverKind kind) =>
        kind == ReceiverKind.Unix ? new UnixProgress(socket) : new TcpProgress(socket);

    /// <summary>Counts bytes that were handed to the kernel.</summary>
    public virtual void Add(long bytes)
    {
    }

    /// <summary>Counts the bytes that the receiver has read for certain.</summary>
    public abstract long CountRead();

    /// <summary>Counts the bytes that have arrived at the receiver, which has closed in order: unread bytes would have
    /// made its kernel reset the connection.</summary>
    public abstract long CountArrived();
}

/// <summary>Asks the kernel what of a Unix socket has not been read (<c>SIOCOUTQ</c>).</summary>
sealed partial class UnixProgress(Socket socket) : ReceiverProgress
{
    const uint UnreadBytes = 0x5411;

    /// <summary>May be unread before the caller waits, so that there are moments at which nothing is.</summary>
    const long Most = 1 << 20;

    const int PauseMicroseconds = 1000;

    long written;
    long read;

    public override long Written => written;

    public override void Add(long bytes) => written += bytes;

    public override long CountRead()
    {
        try
        {
            do
            {
                var isRead = CountUnread() == 0;
                if (socket.Poll(0, SelectMode.SelectRead))
                {
                    break; // its end may have come with unread bytes: whoever reads from it finds out
                }

                read = isRead ? written : read;
            }
            while (written - read > Most && !socket.Poll(PauseMicroseconds, SelectMode.SelectRead));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException(e.Message, e);
        }

        return read;
    }

    /// <summary>All of it: unread bytes would have reset the connection.</summary>
    public override long CountArrived() => written;

    int CountUnread() => Control(socket.SafeHandle, UnreadBytes, out var unread) == 0 ? unread
        : throw new IOException(Marshal.GetLastPInvokeErrorMessage());

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeSocketHandle socket, uint request, out int value);
}

/// <summary>Reads the kernel's account of a TCP connection (<c>TCP_INFO</c>, from Linux 5.4 on).</summary>
sealed class TcpProgress : ReceiverProgress
{
    const int Tcp = 6;
    const int Info = 11;
    const int Length = 232;
    const int BytesAcknowledgedAt = 120;
    const int NotSentAt = 144;
    const int BytesSentAt = 200;
    const int BytesSentAgainAt = 208;
    const int WindowAt = 228;

    readonly Socket socket;
    readonly byte[] info = new byte[Length];

    /// <summary>Holds the count of acknowledged bytes before any was sent: the kernel counts the SYN as one.</summary>
    readonly long acknowledgedBefore;

    long largestWindow;

    public TcpProgress(Socket socket)
    {
        this.socket = socket;
        Read();
        acknowledgedBefore = Count(BytesAcknowledgedAt);
    }

    public override long Written
    {
        get
        {
            Read();
            return Count(BytesSentAt) - Count(BytesSentAgainAt)
                + BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(NotSentAt));
        }
    }

    public override long CountRead() => CountArrived() - (2 * largestWindow);

    public override long CountArrived()
    {
        Read();
        return Count(BytesAcknowledgedAt) - acknowledgedBefore;
    }

    void Read()
    {
        try
        {
            if (socket.GetRawSocketOption(Tcp, Info, info) < Length)
            {
                throw new IOException("the kernel does not say what has arrived: it is older than Linux 5.4");
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException(e.Message, e);
        }

        largestWindow = Math.Max(largestWindow, BinaryPrimitives.ReadUInt32LittleEndian(info.AsSpan(WindowAt)));
    }

    long Count(int at) => BinaryPrimitives.ReadInt64LittleEndian(info.AsSpan(at));
}
