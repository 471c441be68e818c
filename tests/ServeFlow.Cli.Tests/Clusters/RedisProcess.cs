using System.Diagnostics;
using System.Net.Sockets;
using ServeFlow.Cluster;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A server of Redis for one test.</summary>
sealed class RedisProcess : IDisposable
{
    const string Program = "/usr/bin/redis-server";

    readonly Process process;

    RedisProcess(Process process, int port)
    {
        (this.process, Port) = (process, port);
    }

    public int Port { get; }

    /// <summary>Creates the options of a cluster whose list of workers is in a server at a port.</summary>
    public static ClusterOptions CreateOptions(int port) => new()
    {
        Id = "edge",
        Membership = ClusterMembership.Redis,
        Connection = $"127.0.0.1:{port}",
    };

    public static RedisProcess Start(string folder, int port)
    {
        Assert.SkipUnless(File.Exists(Program), "no redis-server on this machine");
        var redis = new RedisProcess(Process.Start(new ProcessStartInfo(Program,
            ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder, "--logfile", "redis.log"]))!,
            port);
        SpinWait.SpinUntil(() =>
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                Thread.Sleep(20);
                return false;
            }
        }, TimeSpan.FromSeconds(20));
        return redis;
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }
}
