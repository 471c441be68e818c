using System.Net.Sockets;
using System.Text.Json;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Speaks HTTP with a sensor over its Unix socket.</summary>
static class SensorSocket
{
    /// <summary>A reload is answered in ten seconds or not at all.</summary>
    static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Bounds the attempts: with their pauses they take a second, which a busy machine may need.</summary>
    const int MaxTries = 20;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes one call and returns the answer, which is JSON.</summary>
    /// <param name="work">The time that the sensor may need beside that of any answer.</param>
    /// <exception cref="InputException">No sensor listens there, or it answers with an error.</exception>
    public static string Call(string path, HttpMethod method, string call, CancellationToken stop,
        TimeSpan work = default) => Ask(path, method, call, ReplyTimeout + (2 * work), ReadToEnd, stop);

    /// <summary>Follows a stream of server-sent events until it ends; each is given by its name and its data.</summary>
    /// <param name="take">Returns false to end the stream.</param>
    /// <exception cref="InputException">No sensor listens there, it answers with an error, or it has gone.</exception>
    public static void Follow(string path, string call, Func<string, string, bool> take, CancellationToken stop) =>
        Ask(path, HttpMethod.Get, call, Timeout.InfiniteTimeSpan, reader => ReadEvents(reader, take), stop);

    static T Ask<T>(string path, HttpMethod method, string call, TimeSpan timeout, Func<StreamReader, T> read,
        CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: no sensor answers: there is no such socket; start one with --http "
                + "unix:PATH, or give its --socket");
        }

        using var client = Connect(path, timeout);
        try
        {
            using var request = new HttpRequestMessage(method, $"http://localhost{call}");
            using var response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, stop);
            using var stream = response.Content.ReadAsStream(stop);
            using var cancel = stop.Register(stream.Dispose); // a stream may be quiet for long
            using var reader = new StreamReader(stream);
            return response.IsSuccessStatusCode ? read(reader)
                : throw new InputException(ReadError(reader.ReadToEnd()));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        catch (OperationCanceledException e) // the client's own time is over
        {
            throw new InputException($"{path}: the sensor has not answered for {timeout.TotalSeconds:0} s: it is not "
                + "known whether that was done, and it may go on", e);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or HttpRequestException or IOException)
        {
            throw new InputException($"{path}: no sensor answers: {Reason(e)}; start one with --http unix:PATH, or "
                + "give its --socket", e);
        }
    }

    static HttpClient Connect(string path, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) => await OpenAsync(path, cancel),
    })
    {
        Timeout = timeout,
    };

    /// <summary>A socket that is busy for a moment says that it cannot be connected to now: asks again.</summary>
    static async ValueTask<Stream> OpenAsync(string path, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                if (tries == MaxTries || e.SocketErrorCode is not (SocketError.AddressNotAvailable
                    or SocketError.WouldBlock))
                {
                    throw;
                }
            }

            await Task.Delay(Pause, cancel);
        }
    }

    static string ReadToEnd(StreamReader reader) => reader.ReadToEnd();

    /// <summary>Reads events of one line of data each, as a sensor writes them; returns whether all were taken.
    /// </summary>
    static bool ReadEvents(StreamReader reader, Func<string, string, bool> take)
    {
        const string name = "event: ", data = "data: ";
        var current = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                current = line[name.Length..];
            }
            else if (line.StartsWith(data, StringComparison.Ordinal) && !take(current, line[data.Length..]))
            {
                return false;
            }
        }

        return true;
    }

    static string Reason(Exception e) => (e.InnerException ?? e).Message.TrimEnd('.');

    static string ReadError(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement.GetProperty("error").GetString() ?? text;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the sensor answers '{InputException.Quote(text)}': is it of another version?";
        }
    }
}
