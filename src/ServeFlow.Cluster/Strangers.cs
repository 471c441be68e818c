using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace ServeFlow.Cluster;

/// <summary>
/// Names those who connect to a worker and are sent away, as they have no certificate of the cluster or are of another
/// one. Orleans closes such connections without a word. Each address is named once a minute for each fault.
/// </summary>
/// <param name="warn">Is told, in one line and on any thread.</param>
sealed class Strangers(Action<string> warn)
{
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Specifies how long after the end of a connection it may become known that the caller closed
    /// it.</summary>
    static readonly TimeSpan LeaveTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Limits the addresses and faults that are remembered.</summary>
    const int MaxNamed = 1000;

    readonly ConcurrentDictionary<(string Address, Fault Fault), long> named = [];

    /// <summary>Limits what is said of one, as a stranger chooses some of the words.</summary>
    const int MaxWords = 300;

    /// <summary>Holds what is known of the caller while its connection begins.</summary>
    readonly AsyncLocal<Caller?> current = new();

    /// <summary>Watches connections from before they are encrypted.</summary>
    public void WatchBeginning(SiloConnectionOptions connections)
    {
        connections.ConfigureGatewayInboundConnection(builder => builder.Use(Begin));
        connections.ConfigureSiloInboundConnection(builder => builder.Use(Begin));
    }

    /// <summary>Watches the same connections from where they are encrypted.</summary>
    public void WatchEncrypted(SiloConnectionOptions connections)
    {
        connections.ConfigureGatewayInboundConnection(builder => builder.Use(Enter));
        connections.ConfigureSiloInboundConnection(builder => builder.Use(Enter));
    }

    /// <summary>Takes note of a certificate that is not trusted.</summary>
    public void Refuse(X509Certificate2 certificate)
    {
        if (current.Value is { } caller)
        {
            caller.Subject = certificate.Subject;
        }
    }

    ConnectionDelegate Begin(ConnectionDelegate next) => context => RunAsync(next, context);

    async Task RunAsync(ConnectionDelegate next, ConnectionContext context)
    {
        var caller = new Caller();
        current.Value = caller;
        try
        {
            await next(context);
        }
        catch (InvalidOperationException e) // what begins a connection of Orleans is not as it must be
        {
            Name(context.RemoteEndPoint, Fault.Beginning, e.Message.TrimEnd('.'));
            throw;
        }

        if (caller is { HasEntered: false, Subject: { } subject })
        {
            Name(context.RemoteEndPoint, Fault.OtherCertificate,
                $"its certificate ({subject}) is of no authority of --cluster-ca, or is not valid now");
        }
        else if (!caller.HasEntered && !await HasLeftAsync(context))
        {
            Name(context.RemoteEndPoint, Fault.NoCertificate, "it showed no certificate");
        }
    }

    /// <summary>Determines whether the caller has closed the connection by itself, as a busy one does that waited for
    /// too long: it was not sent away. The end of a connection becomes known a moment after its last byte.</summary>
    static async Task<bool> HasLeftAsync(ConnectionContext context)
    {
        await Task.Delay(LeaveTime, context.ConnectionClosed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return context.ConnectionClosed.IsCancellationRequested;
    }

    ConnectionDelegate Enter(ConnectionDelegate next) => context =>
    {
        current.Value?.HasEntered = true;
        return next(context);
    };

    void Name(EndPoint? from, Fault fault, string why)
    {
        var key = ((from as IPEndPoint)?.Address.ToString() ?? "", fault);
        var now = Stopwatch.GetTimestamp();
        if (named.TryGetValue(key, out var before) && Stopwatch.GetElapsedTime(before, now) < Pause)
        {
            return;
        }

        if (named.Count >= MaxNamed)
        {
            named.Clear();
        }

        named[key] = now;
        warn($"{key.Item1}: was sent away: {InputException.Quote(why, MaxWords)}");
    }

    sealed class Caller
    {
        public bool HasEntered { get; set; }

        /// <summary>Gets or sets the name in a certificate that is not taken; null where none was shown.</summary>
        public string? Subject { get; set; }
    }

    enum Fault
    {
        NoCertificate,
        OtherCertificate,
        Beginning,
    }
}
