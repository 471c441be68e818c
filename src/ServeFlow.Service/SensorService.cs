using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace ServeFlow.Service;

/// <summary>Serves a sensor over HTTP until it is disposed of.</summary>
public sealed class SensorService : IDisposable
{
    static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    static readonly TimeSpan HandshakePatience = TimeSpan.FromSeconds(5);

    readonly WebApplication app;
    readonly SensorMeter meter;
    readonly IReadOnlyList<HttpAddress> addresses;
    readonly PageWarmUp warmUp;

    SensorService(WebApplication app, SensorMeter meter, IReadOnlyList<HttpAddress> addresses, TlsIdentity? tls,
        PageWarmUp warmUp)
    {
        this.warmUp = warmUp;
        this.app = app;
        Tls = tls;
        this.meter = meter;
        this.addresses = addresses;
    }

    /// <summary>Gets what encrypts TCP; null where nothing does.</summary>
    public TlsIdentity? Tls { get; }

    /// <summary>Says what is answered where; a port of 0 has become one.</summary>
    public IEnumerable<string> Describe() => app.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Zip(addresses, (text, address) =>
            address.IsGrpc ? $"answering gRPC on grpc{text["http".Length..]}"
                : $"answering HTTP on {text.Replace("http://unix:", "unix:", StringComparison.Ordinal)}");

    /// <summary>Listens on all addresses.</summary>
    /// <param name="access">What callers must show; nothing where only this machine is listened to.</param>
    /// <param name="pages">Pages for people; null for none.</param>
    /// <exception cref="InputException">An address is taken, or nothing guards one that others reach or gRPC is
    /// answered at.</exception>
    public static SensorService Start(IRunningSensor sensor, IReadOnlyList<HttpAddress> addresses, HttpAccess access,
        ISensorPages? pages = null)
    {
        if (!access.IsGuarded && addresses.FirstOrDefault(address => !address.IsLocal) is { } open)
        {
            throw new InputException($"{open.Text}: other machines reach this address: set a token "
                + "(--http-token-file) or the authority of client certificates (--http-client-ca), or give 127.0.0.1 "
                + "or unix:PATH");
        }

        if (!access.IsGuarded && addresses.FirstOrDefault(address => address.IsGrpc) is { } grpc)
        {
            throw new InputException($"{grpc.Text}: inference by gRPC asks who calls: set a token (--http-token-file) "
                + "or the authority of client certificates (--http-client-ca), or leave --grpc out");
        }

        if (access.Tls is not null && addresses.All(address => address.EndPoint is null))
        {
            throw new InputException("--http-cert: is about TCP, and a Unix socket is not encrypted: give an address "
                + "with --http, or leave it out");
        }

        foreach (var path in addresses.Select(address => address.SocketPath).OfType<string>())
        {
            RemoveStaleSocket(path);
        }

        var meter = new SensorMeter(sensor);
        var warmUp = new PageWarmUp(pages, sensor.Report);
        var app = Build(sensor, addresses, access, pages, warmUp);
        var service = new SensorService(app, meter, addresses, access.Tls, warmUp);
        try
        {
            service.app.StartAsync().GetAwaiter().GetResult();
            service.RestrictSockets();
            warmUp.Start(app.Services);
            return service;
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            service.Dispose();
            throw new InputException($"{string.Join(", ", addresses.Select(address => address.Text))}: cannot be "
                + $"listened on: {e.Message.TrimEnd('.')}; give another address", e);
        }
    }

    public void Dispose()
    {
        warmUp.Wait(StopTimeout);
        using (var timeout = new CancellationTokenSource(StopTimeout))
        {
            app.StopAsync(timeout.Token).GetAwaiter().GetResult();
        }

        ((IDisposable)app).Dispose();
        meter.Dispose();
    }

    static WebApplication Build(IRunningSensor sensor, IReadOnlyList<HttpAddress> addresses, HttpAccess access,
        ISensorPages? pages, PageWarmUp warmUp)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new FailureLog(sensor.Report)).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton<IHostLifetime, SensorLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(SensorMeter.Name)
            .AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
        ApiDocument.AddServices(builder.Services);
        pages?.AddServices(builder.Services, sensor, access);
        var hasGrpc = addresses.Any(address => address.IsGrpc);
        if (hasGrpc)
        {
            GrpcRoutes.AddServices(builder.Services, sensor);
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => Configure(options, addresses, access.Tls));
        if (access.Tls is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        var app = builder.Build();
        new RequestGuard(access, pages, sensor.Report).Use(app);
        warmUp.Use(app);
        app.Use(new MetricsPage(sensor).AddAsync);
        if (hasGrpc)
        {
            app.Use(GrpcRoutes.CheckAsync);
        }

        app.UseRouting();
        new SensorApi(sensor).Map(app);
        ApiDocument.Map(app);
        pages?.Map(app);
        if (hasGrpc)
        {
            GrpcRoutes.Map(app);
        }

        app.MapPrometheusScrapingEndpoint(MetricsPage.Path).WithMetadata(new HttpMethodMetadata(ReadRoutes.Methods));
        return app;
    }

    /// <summary>Sets limits to what callers may take of the sensor's memory and threads.</summary>
    static void Configure(KestrelServerOptions options, IReadOnlyList<HttpAddress> addresses, TlsIdentity? tls)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = 64;
        options.Limits.MaxConcurrentUpgradedConnections = RequestGuard.MaxPages;
        options.Limits.MaxRequestBodySize = 65_536;
        options.Limits.Http2.MaxStreamsPerConnection = 4; // each may have a body as large as inference may
        options.Limits.MaxRequestHeadersTotalSize = 16_384;
        options.Limits.MaxRequestLineSize = 4096;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        foreach (var address in addresses)
        {
            if (address.SocketPath is { } path)
            {
                options.ListenUnixSocket(path);
            }
            else
            {
                options.Listen(address.EndPoint!, listen => Prepare(listen, address.IsGrpc, tls));
            }
        }
    }

    /// <summary>Without TLS nothing tells versions of HTTP apart, so that gRPC, which takes HTTP/2, has addresses of
    /// its own.</summary>
    static void Prepare(ListenOptions listen, bool isGrpc, TlsIdentity? tls)
    {
        listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
        if (tls is not null)
        {
            var protocol = isGrpc ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => tls.Choose(protocol),
                HandshakeTimeout = HandshakePatience,
            });
        }
    }

    /// <summary>A killed process leaves its socket behind; one that is in use is left alone.</summary>
    static void RemoveStaleSocket(string path)
    {
        if (!File.Exists(path))
        {
            CheckDirectory(path);
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused
            && new FileInfo(path) is { Length: 0 })
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
        }

        throw new InputException($"unix:{path}: another process listens on it, or it is no socket: end that process, "
            + "or give another path");
    }

    /// <summary>The system says of a socket without a directory that its address cannot be assigned.</summary>
    static void CheckDirectory(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory && !Directory.Exists(directory))
        {
            throw new InputException($"unix:{path}: cannot be listened on: there is no directory {directory}; make it, "
                + "or give another path");
        }
    }

    /// <summary>The owner and the group may speak to a sensor.</summary>
    void RestrictSockets()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var path in addresses.Select(address => address.SocketPath).OfType<string>())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
                | UnixFileMode.GroupWrite);
        }
    }
}
