using System.Collections.Concurrent;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A fleet of a worker alone and its sensors, over real connections within this process.</summary>
public sealed class FleetMemberTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-fleet-").FullName;
    readonly ConcurrentQueue<string> said = [];
    readonly List<IDisposable> opened = [];
    readonly int port = TcpPort.FindFree();
    readonly FleetModel model;
    FleetWorker? worker;

    public FleetMemberTests()
    {
        SmallBundle.Write(At("given"), packets: 2);
        BundleWriter.Write(At("iot"), SmallBundle.NewManifest(), new Dictionary<string, byte[]>(SmallBundle.Models)
        {
            ["slow.txt"] = System.Text.Encoding.UTF8.GetBytes(SmallBundle.ModelText(sure: 0.8)),
        });
        model = new("iot", 1, Bundle.Load(At("iot")).Sha256);
    }

    public async ValueTask InitializeAsync() =>
        worker = await EdgeWorker.StartAsync(port, At("given"), At("store"), said.Enqueue);

    public async ValueTask DisposeAsync()
    {
        opened.AsEnumerable().Reverse().ToList().ForEach(one => one.Dispose());
        await StopWorker();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Activate_PublishedModel_ReachesAllAndThoseThatComeLater()
    {
        var (member, a) = Join("a");
        var (_, b) = Join("b");
        await UntilFleetHas(3, member);
        var done = member.Publish(model, At("iot/1"), TimeSpan.FromMinutes(1));
        Assert.Empty(done.Messages);
        Assert.Equal([$"worker 127.0.0.1:{port}"], done.Nodes);
        await Until(() => b.Has(model)); // before it is asked for
        Assert.Null(b.Applied.Setting.Main);
        Assert.True(member.Change(Activation).IsDone);

        Assert.All(new[] { a, b }, node => Assert.Equal(model, node.Applied.Setting.Main));
        Assert.Contains("'slow' of iot 1 ", worker!.Tiers, StringComparison.Ordinal);
        var (_, later) = Join("later");
        await Until(() => later.Applied.Setting.Main == model);
        Assert.True(later.Has(model));

        var undone = member.Change(new() { Kind = FleetChangeKind.RollBack });
        Assert.Equal("each sensor's own model", undone.Answers);
        Assert.Equal(4, undone.Nodes.Count);
        await Until(() => new[] { a, b, later }.All(node => node.Applied.Setting.Main is null));
        Assert.All(said, line => Assert.StartsWith("fleet: decision ", line, StringComparison.Ordinal));
        Assert.Equal(4, said.Count(line => line == $"fleet: decision 3: each sensor's own model; published: {model}"));
    }

    [Fact]
    public async Task Activate_FileIsDamagedAtTheWorkerOrANodeCannot_NobodyDoes()
    {
        var (member, a) = Join("a");
        var (_, b) = Join("b");
        await UntilFleetHas(3, member);
        member.Publish(model, At("iot/1"), TimeSpan.FromMinutes(1));
        var file = At("store/iot/1/slow.txt");
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        Assert.Matches("slow.txt: .*: nothing was changed$",
            Assert.Throws<InputException>(() => member.Change(Activation)).Message);

        member.Publish(model, At("iot/1"), TimeSpan.FromMinutes(1)); // a whole copy takes its place
        b.Trouble = "the disk is full";
        Assert.Equal("sensor b: the disk is full: nothing was changed",
            Assert.Throws<InputException>(() => member.Change(Activation)).Message);
        Assert.All(new[] { a, b }, node => Assert.Null(node.Applied.Setting.Main));
    }

    [Fact]
    public async Task Publish_FileIsDamagedHere_IsRefusedByItsPath()
    {
        var (member, _) = Join("a");
        await UntilFleetHas(2, member);
        await File.AppendAllTextAsync(At("iot/1/slow.txt"), "x", TestContext.Current.CancellationToken);

        Assert.StartsWith($"{At("iot/1/slow.txt")}: changed since the bundle was written",
            Assert.Throws<InputException>(() => member.Publish(model, At("iot/1"), TimeSpan.FromMinutes(1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Change_WorkersThatStandAlone_IsRefused()
    {
        var (member, _) = Join("a", $",127.0.0.1:{TcpPort.FindFree()}");

        Assert.StartsWith("--cluster-membership localhost: each of these workers has a fleet of its own",
            Assert.Throws<InputException>(() => member.Change(Activation)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activate_NoWorkerAnswers_SaysHowToSeeWhetherItWasDecided()
    {
        var (member, _) = Join("a");
        await UntilFleetHas(2, member);
        await StopWorker();

        Assert.Matches("^no worker of the cluster answers: .*: see by 'ctl fleet' whether it was decided, and ask "
            + "again if not$", Assert.Throws<InputException>(() => member.Change(Activation)).Message);
    }

    [Fact]
    public async Task Describe_NoWorkerAnswers_ShowsWhatWasKnownAndWhy()
    {
        var (member, _) = Join("a");
        await UntilFleetHas(2, member);
        await StopWorker();

        var view = member.Describe();
        Assert.StartsWith("no worker of the cluster answers: ", view.Problem, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port} leads the fleet, and was heard ", view.Problem, StringComparison.Ordinal);
        Assert.Equal(["sensor a present", $"worker 127.0.0.1:{port} away"],
            view.Nodes.Select(node => $"{node.Report.Kind} {node.Report.Name} {node.State}"));
    }

    async ValueTask StopWorker()
    {
        if (Interlocked.Exchange(ref worker, null) is { } running)
        {
            await running.DisposeAsync();
        }
    }

    FleetChange Activation => new()
    {
        Kind = FleetChangeKind.Activate,
        Name = model.Name,
        Within = TimeSpan.FromMinutes(1),
    };

    (FleetMember Member, StoringNode Node) Join(string name, string others = "")
    {
        var tiers = new ClusterTierFactory(new()
        {
            Cluster = new() { Id = "edge", Connection = $"127.0.0.1:{port}{others}" },
            Name = name,
        }, said.Enqueue);
        opened.Add(tiers);
        var node = new StoringNode(name, new(At($"of-{name}"), ModelFormats.BuiltIn));
        var member = FleetMember.Join(tiers, node, said.Enqueue, said.Enqueue);
        opened.Add(member);
        return (member, node);
    }

    /// <summary>Waits for nodes; on a busy machine the worker may not answer in time, and is asked again.</summary>
    static Task UntilFleetHas(int nodes, FleetMember member) => Until(() =>
    {
        try
        {
            return member.Describe().Nodes.Count == nodes;
        }
        catch (InputException)
        {
            return false;
        }
    });

    static async Task Until(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 600);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    string At(string name) => Path.Combine(folder, name);

    /// <summary>Keeps models as a worker does, and answers nothing by them.</summary>
    sealed class StoringNode(string name, BundleStore store) : IFleetNode
    {
        public string Name => name;

        /// <summary>Gets or sets why it can make nothing ready; empty where it can.</summary>
        public string Trouble { get; set; } = "";

        public FleetState Applied { get; private set; } = new();

        public NodeReport Describe(NodeReport report) => report with { Sensor = new() };

        public FleetState Recall() => new();

        public void Keep(FleetState state)
        {
        }

        public IEnumerable<FleetModel> FindNeeded(FleetState state) => state.Setting.Models;

        public bool Has(FleetModel model) => store.Has(model);

        public string CreatePlace(FleetModel model) => store.CreateUpload();

        public void Stage(FleetModel model, string? folder)
        {
            if (Trouble.Length > 0)
            {
                throw new InputException(Trouble);
            }

            if (folder is not null)
            {
                store.Take(folder, model);
            }
        }

        public void Apply(FleetState state) => Applied = state;

        public void Drop(FleetModel? but)
        {
        }
    }
}
