using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace ServeFlow.Cluster;

/// <summary>Sets up Orleans for sensors and workers alike: who belongs to the cluster, and how connections are
/// encrypted.</summary>
static class ClusterHosts
{
    /// <summary>Names the service: clusters of others may keep their lists in the same place.</summary>
    const string Service = "serveflow";

    const string PostgresInvariant = "Npgsql";

    /// <summary>Specifies how soon a worker that failed is tried again.</summary>
    static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    /// <summary>Creates a builder of a host that has nothing but what is added, and writes nowhere.</summary>
    public static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Logging.ClearProviders();
        return builder;
    }

    /// <summary>Sets up a sensor's connection to one worker.</summary>
    /// <param name="timeout">How long an answer may take.</param>
    public static void Apply(this IClientBuilder client, ClusterOptions options, IPEndPoint worker, TimeSpan timeout)
    {
        client.Configure<Orleans.Configuration.ClusterOptions>(cluster => Name(cluster, options));
        client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = timeout);
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = Refresh);
        client.Configure<ConnectionOptions>(Hasten);
        client.UseStaticClustering(worker);
        client.UseConnectionRetryFilter((_, _) => Task.FromResult(false)); // the link tries again, and says why
        if (options.Tls is { } tls)
        {
            client.UseTls(options => tls.Apply(options));
        }
    }

    /// <summary>Creates a reader of the list that a cluster keeps; it is not open yet.</summary>
    public static WorkerList CreateList(ClusterOptions options)
    {
        var builder = CreateBuilder();
        builder.UseOrleansClient(client =>
        {
            client.Configure<Orleans.Configuration.ClusterOptions>(cluster => Name(cluster, options));
            _ = options.Membership == ClusterMembership.Redis
                ? client.UseRedisClustering(redis => Apply(redis, options))
                : client.UseAdoNetClustering(table =>
                    (table.Invariant, table.ConnectionString) = (PostgresInvariant, options.Connection));
        });
        return new(builder.Build());
    }

    /// <summary>Sets up a worker.</summary>
    /// <param name="warn">Is told, in one line and on any thread, who was sent away.</param>
    public static void Apply(this ISiloBuilder silo, ClusterWorkerOptions worker, Action<string> warn)
    {
        var strangers = new Strangers(warn);
        var options = worker.Cluster;
        silo.Services.AddSingleton<IFatalErrorHandler, EndingFatalErrors>();
        silo.Configure<Orleans.Configuration.ClusterOptions>(cluster => Name(cluster, options));
        silo.ConfigureEndpoints(worker.Address.Address, worker.SiloPort, worker.Address.Port);
        silo.Configure<ConnectionOptions>(Hasten);
        silo.Configure<ClusterMembershipOptions>(Hasten);
        silo.Configure<SiloConnectionOptions>(strangers.WatchBeginning);
        if (options.Tls is { } tls)
        {
            silo.UseTls(settings => tls.Apply(settings, strangers.Refuse));
        }

        silo.Configure<SiloConnectionOptions>(strangers.WatchEncrypted);
        if (options.Membership != ClusterMembership.Localhost)
        {
            silo.Services.AddHostedService<ListWatch>();
        }

        _ = options.Membership switch
        {
            ClusterMembership.Redis => silo.UseRedisClustering(redis => Apply(redis, options)),
            ClusterMembership.Postgres => silo.UseAdoNetClustering(table =>
                (table.Invariant, table.ConnectionString) = (PostgresInvariant, options.Connection)),
            _ => silo.UseDevelopmentClustering(new IPEndPoint(worker.Address.Address, worker.SiloPort)),
        };
    }

    static void Name(Orleans.Configuration.ClusterOptions cluster, ClusterOptions options) =>
        (cluster.ClusterId, cluster.ServiceId) = (options.Id, Service);

    static void Apply(Orleans.Clustering.Redis.RedisClusteringOptions redis, ClusterOptions options) =>
        redis.ConfigurationOptions = ConfigurationOptions.Parse(options.Connection);

    /// <summary>A worker that does not answer costs each batch its deadline: it is found out soon.</summary>
    static void Hasten(ConnectionOptions connections)
    {
        connections.OpenConnectionTimeout = TimeSpan.FromSeconds(2);
        connections.ConnectionRetryDelay = TimeSpan.FromMilliseconds(200);
    }

    /// <summary>A dead worker is found out after some seconds, and one that starts again waits for no dead
    /// one.</summary>
    static void Hasten(ClusterMembershipOptions membership)
    {
        membership.ProbeTimeout = TimeSpan.FromSeconds(1);
        membership.NumMissedProbesLimit = 3;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        membership.NumMissedTableIAmAliveLimit = 2;
    }
}
