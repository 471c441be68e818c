using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Service.Live;

/// <summary>
/// Writes records as server-sent events: <c>record</c> with a line of EVE, and <c>missed</c> with how many the reader
/// was too slow for, whenever that has risen. A reader that stops reading holds up its own stream alone.
/// </summary>
/// <param name="records">Belongs to the stream from then on.</param>
sealed class EventStream(LiveRecords records) : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>A comment this often, so that both sides notice when the other has gone.</summary>
    static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    readonly ArrayBufferWriter<byte> buffer = new();
    long missed;

    /// <summary>Writes until the caller leaves or the sensor has ended.</summary>
    /// <param name="caller">Ends when the caller leaves.</param>
    /// <param name="stopping">Ends when the sensor has ended; what has come until then is still written.</param>
    public async Task WriteAsync(HttpContext context, CancellationToken caller, CancellationToken stopping)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null; // a reader may pause: what it misses is counted
        }

        context.Response.ContentType = "text/event-stream";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(caller, stopping);
        await WriteAsync(context, ": records as EVE\n\n"u8.ToArray(), caller);
        for (var quiet = TimeSpan.Zero; !stopping.IsCancellationRequested; quiet += Pause)
        {
            if (await WriteNewAsync(context, caller))
            {
                quiet = TimeSpan.Zero;
            }
            else if (quiet >= Heartbeat)
            {
                quiet = TimeSpan.Zero;
                await WriteAsync(context, ": quiet\n\n"u8.ToArray(), caller);
            }

            await Task.Delay(Pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            caller.ThrowIfCancellationRequested();
        }

        while (await WriteNewAsync(context, caller))
        {
        }

        await WriteAsync(context, "event: end\ndata: {}\n\n"u8.ToArray(), caller);
    }

    public void Dispose() => records.Dispose();

    /// <summary>Writes what has come; false where nothing has.</summary>
    async Task<bool> WriteNewAsync(HttpContext context, CancellationToken caller)
    {
        buffer.ResetWrittenCount();
        foreach (var line in records.Read())
        {
            buffer.Write("event: record\ndata: "u8);
            buffer.Write(line.Span);
            buffer.Write("\n\n"u8);
        }

        var now = records.Missed;
        if (now > missed)
        {
            missed = now;
            buffer.Write(Encoding.ASCII.GetBytes($"event: missed\ndata: {{\"missed\":{now}}}\n\n"));
        }

        await WriteAsync(context, buffer.WrittenMemory, caller);
        return buffer.WrittenCount > 0;
    }

    static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken caller)
    {
        if (!bytes.IsEmpty)
        {
            await context.Response.Body.WriteAsync(bytes, caller);
            await context.Response.Body.FlushAsync(caller);
        }
    }
}
