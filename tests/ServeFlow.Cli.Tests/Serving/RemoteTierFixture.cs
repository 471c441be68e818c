using System.Collections.Concurrent;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>Has the last tier of a small bundle, of ten packets and two classes, computed by a server.</summary>
public abstract class RemoteTierFixture : IDisposable
{
    static readonly FeatureSchema schema = FeatureSchema.Parse("nprint:ip4,tcp,udp", "none");

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-remote-").FullName;

    protected RemoteTierFixture()
    {
        var manifest = SmallBundle.NewManifest() with { Features = new(schema.Set, schema.Mask, schema.Hash) };
        BundleWriter.Write(Path.Combine(folder, "bundle"), manifest, SmallBundle.Models);
        Plan = Bundle.Load(Path.Combine(folder, "bundle")).Plan;
    }

    /// <summary>Gets the columns of a row.</summary>
    protected static int Columns => 10 * schema.ColumnsPerPacket;

    protected CascadePlan Plan { get; }

    /// <summary>Gets what opened the tier; null before it is opened.</summary>
    protected RemoteTierFactory? Factory { get; private set; }

    /// <summary>Gets what was said of the server.</summary>
    protected ConcurrentQueue<string> Said { get; } = [];

    public void Dispose()
    {
        Factory?.Dispose();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the tier that a factory makes of the plan's last one, in place of the tier before.</summary>
    protected IRemoteTier Open(RemoteTierFactory factory)
    {
        Factory?.Dispose();
        Factory = factory;
        return ((RemoteModel)factory.Apply(Plan).Tiers[^1].Compiled).Remote;
    }

    /// <param name="deadlineMs">Milliseconds that the flows wait; null for those of the tier.</param>
    protected static RemoteBatch Send(IRemoteTier tier, int flows = 1, double? deadlineMs = null)
    {
        var batch = new RemoteBatch(tier, 10, 2);
        batch.Begin(deadlineMs is { } limit ? TimeSpan.FromMilliseconds(limit) : tier.Deadline);
        for (var i = 0; i < flows; i++)
        {
            batch.Add(new HeaderRecord[1 + (i % 12)]);
        }

        batch.Send();
        return batch;
    }
}
