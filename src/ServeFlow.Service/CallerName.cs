using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace ServeFlow.Service;

/// <summary>
/// Names who makes a call, as far as the connection tells it: the user of a process on this machine, or the certificate
/// and the address of a caller over TCP.
/// </summary>
static class CallerName
{
    const int SocketLevel = 1;

    /// <summary>Specifies SO_PEERCRED: process, user and group of the other end, four bytes each.</summary>
    const int PeerCredentials = 17;

    public static string Find(HttpContext context)
    {
        var connection = context.Connection;
        return HttpAccess.IsSocket(context) ? FindUser(context.Features.Get<IConnectionSocketFeature>()?.Socket)
            : connection.ClientCertificate is { } shown
                ? InputException.Quote($"{shown.Subject} ({connection.RemoteIpAddress})")
            : $"{connection.RemoteIpAddress}";
    }

    static string FindUser(Socket? socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        try
        {
            return socket?.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == credentials.Length
                ? FindUser(BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..])) : "a user of this machine";
        }
        catch (SocketException) // another system than Linux
        {
            return "a user of this machine";
        }
    }

    /// <summary>Finds the name of a user; a directory service's users have a number alone.</summary>
    static string FindUser(uint id)
    {
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':'))
                .FirstOrDefault(user => user.Length > 2 && user[2] == $"{id}") is [{ Length: > 0 } name, ..]
                ? InputException.Quote(name) : $"user {id}";
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return $"user {id}";
        }
    }
}
