using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ServeFlow.Cli.Tests.Serving.Hostile;

/// <summary>An answer as it came; a status of 0 says that the connection was closed without one.</summary>
sealed record WireAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A connection that carries requests one after another, and is opened anew when the sensor has closed it.
/// </summary>
sealed class WireConnection(Func<Socket> open) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    Socket? socket;
    NetworkStream? stream;
    BufferedStream? input;

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<WireAnswer> SendAsync(WireRequest request, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        socket ??= open();
        stream ??= new(socket, ownsSocket: true);
        input ??= new(stream);
        WireAnswer answer;
        try
        {
            await stream.WriteAsync(request.ToBytes(), limit.Token);
            if (request.Raw is not null)
            {
                socket.Shutdown(SocketShutdown.Send); // nothing more comes: who waits for it is told so
            }

            answer = await ReadAsync(input, request.Method, limit.Token);
        }
        catch (IOException)
        {
            answer = new(0, new Dictionary<string, string>(), []);
        }

        if (answer.Status == 0 || request.Raw is not null || request.Length is not null
            || answer.Headers.GetValueOrDefault("connection") == "close"
            || answer.Headers.GetValueOrDefault("content-type") == "text/event-stream")
        {
            Dispose();
        }

        return answer;
    }

    public void Dispose()
    {
        stream?.Dispose();
        (socket, stream, input) = (null, null, null);
    }

    static async Task<WireAnswer> ReadAsync(Stream stream, string method, CancellationToken cancel)
    {
        var head = await ReadHeadAsync(stream, cancel);
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [_, var code, ..] || !int.TryParse(code, out var status))
        {
            return new(0, new Dictionary<string, string>(), Encoding.Latin1.GetBytes(head));
        }

        if (status == 100)
        {
            return await ReadAsync(stream, method, cancel);
        }

        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0].ToLowerInvariant())
            .ToDictionary(group => group.Key, group => group.First()[1].Trim());
        var hasBody = method != "HEAD" && status is not (204 or 304)
            && headers.GetValueOrDefault("content-type") != "text/event-stream";
        return new(status, headers, !hasBody ? [] : await ReadBodyAsync(stream, headers, cancel));
    }

    static async Task<byte[]> ReadBodyAsync(Stream stream, Dictionary<string, string> headers, CancellationToken cancel)
    {
        if (headers.TryGetValue("content-length", out var length))
        {
            return await ReadExactlyAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), cancel);
        }

        using var body = new MemoryStream();
        while (headers.GetValueOrDefault("transfer-encoding") == "chunked"
            && await ReadLineAsync(stream, cancel) is var line)
        {
            var size = int.TryParse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bytes) ? bytes
                : throw new IOException("the answer breaks off"); // who sent rubbish and its end may get that
            body.Write(await ReadExactlyAsync(stream, size, cancel));
            await ReadLineAsync(stream, cancel);
            if (size == 0)
            {
                break;
            }
        }

        return body.ToArray();
    }

    static async Task<byte[]> ReadExactlyAsync(Stream stream, int size, CancellationToken cancel)
    {
        var bytes = new byte[size];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }

    static async Task<string> ReadHeadAsync(Stream stream, CancellationToken cancel)
    {
        var text = new StringBuilder();
        while (await ReadLineAsync(stream, cancel) is { Length: > 0 } line)
        {
            text.Append(line).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>Reads a line, byte by byte from the buffer.</summary>
    static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancel)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancel) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
