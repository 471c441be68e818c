using System.Net.Sockets;

namespace ServeFlow.Cli.Tests.Delivery;

/// <summary>Receives records over a Unix socket, connection after connection, and stalls as it is told.</summary>
sealed class RecordReceiver : IDisposable
{
    /// <summary>The port of a run's first flow.</summary>
    public const int FirstPort = 5000;

    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly List<ReceivedRecord> records = [];
    readonly Task reading;
    volatile ReceiverManner manner = new(long.MaxValue, true);
    volatile bool isStopping;
    long last;
    long again;

    public RecordReceiver(string path)
    {
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        reading = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    /// <summary>Sets how it takes the next connection.</summary>
    public ReceiverManner Manner { set => manner = value; }

    /// <summary>Gets the most bytes of records that came again over one connection.</summary>
    public long MostAgain { get; private set; }

    /// <summary>Gets all records in the order in which they came; after <see cref="Stop"/>.</summary>
    public IReadOnlyList<ReceivedRecord> Records => records;

    /// <summary>Ends a stall, as the sensor is gone.</summary>
    public void Release() => manner.SensorIsGone.Set();

    /// <summary>Waits until what has come is read.</summary>
    public void Stop()
    {
        isStopping = true;
        Release();
        listener.Dispose();
        reading.GetAwaiter().GetResult();
    }

    public override string ToString() => $"{records.Count:N0} records received, {again:N0} of them again, at most "
        + $"{MostAgain / 1e3:N0} kB of them after one kill";

    public void Dispose() => Stop();

    void Run()
    {
        while (!isStopping)
        {
            try
            {
                using var connection = listener.Accept();
                Read(connection, manner);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException && isStopping)
            {
                return;
            }
        }
    }

    void Read(Socket connection, ReceiverManner asked)
    {
        var (buffer, filled, taken, repeated) = (new byte[1 << 16], 0, 0L, 0L);
        while (true)
        {
            if (taken >= asked.StallsAfter)
            {
                asked.SensorIsGone.Wait();
                if (!asked.ReadsTheRest)
                {
                    return;
                }

                asked = asked with { StallsAfter = long.MaxValue };
            }

            var room = (int)Math.Min(buffer.Length - filled, asked.StallsAfter - taken);
            var count = connection.Receive(buffer, filled, room, SocketFlags.None);
            if (count == 0)
            {
                return;
            }

            (filled, taken) = (filled + count, taken + count);
            var start = 0;
            while (buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                repeated += Take(buffer.AsMemory(start, length));
                start += length + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            MostAgain = Math.Max(MostAgain, repeated);
        }
    }

    /// <returns>The bytes of the line where its record came before, else 0.</returns>
    int Take(ReadOnlyMemory<byte> line)
    {
        var record = ReceivedRecord.Parse(line);
        records.Add(record);
        if (record.Number > last)
        {
            last = record.Number;
            return 0;
        }

        again++;
        return line.Length + 1;
    }
}
