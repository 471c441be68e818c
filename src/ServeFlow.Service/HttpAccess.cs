using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>
/// Says who may ask a sensor over TCP: who shows the token, or a certificate of an authority that is trusted. A Unix
/// socket is guarded by its file's rights instead.
/// </summary>
/// <param name="token">The token; null for none.</param>
/// <param name="tls">The sensor's certificate, and whose are taken; null where TCP is not encrypted.</param>
public sealed class HttpAccess(AccessToken? token, TlsIdentity? tls)
{
    /// <summary>Asks for nothing: only this machine may be listened to.</summary>
    public static HttpAccess Open { get; } = new(null, null);

    public AccessToken? Token => token;

    public TlsIdentity? Tls => tls;

    /// <summary>Gets whether callers over TCP must show something.</summary>
    public bool IsGuarded => token is not null || tls?.AsksClients is true;

    /// <summary>Gets what a caller is told who showed nothing that is taken.</summary>
    public string Refusal => tls?.AsksClients is not true ? "Authorization: show the token, as 'Authorization: Bearer "
        + "TOKEN'" : token is null ? "show a client certificate of an authority that --http-client-ca names"
        : "Authorization: show the token, as 'Authorization: Bearer TOKEN', or a client certificate";

    /// <summary>Names the way to sign in beside the status that asks for it (401).</summary>
    public void AddChallenge(HttpResponse response, int status)
    {
        if (status == StatusCodes.Status401Unauthorized && token is not null)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
    }

    /// <summary>Determines whether a call came over a Unix socket.</summary>
    public static bool IsSocket(HttpContext context) => context.Connection.LocalIpAddress is null;

    /// <summary>Determines whether a call shows the token or a certificate; the certificate was checked when the
    /// connection began.</summary>
    public bool IsShown(HttpContext context) => token?.IsShown(context.Request.Headers.Authorization) is true
        || FindCertificateEnd(context) is not null;

    /// <summary>Gets until when the certificate that a caller has shown is valid; null where there is none, or where
    /// it is not valid any more: a connection may outlive it.</summary>
    public DateTimeOffset? FindCertificateEnd(HttpContext context) =>
        tls?.AsksClients is true && context.Connection.ClientCertificate is { } shown
            && DateTimeOffset.UtcNow < shown.NotAfter ? shown.NotAfter : null;

    /// <summary>Determines whether a browser asks for the page of another site. It adds a client certificate or a
    /// cookie to such a request by itself. Programs send no <c>Origin</c>.</summary>
    public static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var site)
            && string.Equals(site.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
