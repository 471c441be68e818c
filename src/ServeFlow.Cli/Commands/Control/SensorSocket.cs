using System.Net.Sockets;
using System.Text.Json;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Speaks HTTP with a sensor over its Unix socket.</summary>
static class SensorSocket
{
    /// <summary>A reload is answered in ten seconds or not at all.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Makes one call and returns the answer, which is JSON.</summary>
    /// <exception cref="InputException">No sensor listens there, or it answers with an error.</exception>
    public static string Call(string path, HttpMethod method, string call, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            throw new InputException($"{path}: no sensor answers: there is no such socket; start one with --http "
                + "unix:PATH, or give its --socket");
        }

        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            Timeout = Patience,
        };
        try
        {
            using var request = new HttpRequestMessage(method, $"http://localhost{call}");
            using var response = client.Send(request, stop);
            using var reader = new StreamReader(response.Content.ReadAsStream(stop));
            var text = reader.ReadToEnd();
            return response.IsSuccessStatusCode ? text : throw new InputException(ReadError(text));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or HttpRequestException)
        {
            throw new InputException($"{path}: no sensor answers: {Reason(e)}; start one with --http unix:PATH, or "
                + "give its --socket", e);
        }
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
