using System.Net;
using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>What a worker does of what its fleet says where copies are missing or damaged.</summary>
public sealed class NodeWorkTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-work-").FullName;
    readonly List<string> said = [];
    readonly FleetModel model;
    readonly FleetModel lost = new("iot", 9, new('9', 64));
    readonly WorkerTiers tiers = new([], 1);
    readonly BundleStore store;

    public NodeWorkTests()
    {
        SmallBundle.Write(At("iot"));
        model = new("iot", 1, Bundle.Load(At("iot")).Sha256);
        store = new(At("store"), ModelFormats.BuiltIn);
    }

    FleetState Decided => new()
    {
        Epoch = 3,
        Id = Guid.NewGuid().ToString("N"),
        Cluster = "edge",
        Setting = new() { Main = model },
        Published = [lost, model],
    };

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Take_OnePublishedVersionCannotBeHad_ServesWhatIsUsed()
    {
        Put(store);
        var work = Work();
        var state = Decided;
        Take(work, new() { State = state });

        Assert.Equal((state, "iot@9: no worker that can be reached has it"),
            (work.Progress.Applied, work.Progress.Problem));
        Assert.Contains("'slow' of iot 1 ", tiers.Description, StringComparison.Ordinal);
        Assert.Equal("fleet: iot@9: no worker that can be reached has it", said[^1]);
        Assert.StartsWith($"fleet: decision {state.Epoch}: ", Assert.Single(said.SkipLast(1)),
            StringComparison.Ordinal);

        Take(work, new() { State = state, Attempt = "x", Model = model });
        Take(work, new() { State = state, Attempt = "x", Model = model });
        Assert.Equal(("x", ""), (work.Progress.Staged, work.Progress.Problem));

        Assert.Equal(state.Epoch, Work().Progress.Applied.Epoch); // after a restart
    }

    [Fact]
    public void Take_StateThatWasKeptIsOfAnotherCluster_IsNotUsed()
    {
        Put(store);
        FleetStateFile.Write(At("store/.fleet.json"), Decided with { Cluster = "other" });
        var work = Work();

        Assert.Equal((0, 0), (work.Known.Epoch, work.Progress.Applied.Epoch));
        Assert.Equal(["fleet: what was kept is of cluster 'other', and not used in 'edge'"], said);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"epoch\":5,\"cluster\":\"edge\",\"setting\":null}")]
    [InlineData("{\"epoch\":5,\"cluster\":\"edge\",\"published\":[null]}")]
    [InlineData("{\"epoch\":5,\"cluster\":\"edge\",\"setting\":{\"sensors\":null}}")]
    public void Recall_FileThatNobodyWrote_BeginsAnew(string text)
    {
        File.WriteAllText(At("store/.fleet.json"), text);

        Assert.Equal(0, Work().Known.Epoch);
    }

    [Fact]
    public void Take_WhileTheLeaderListens_KeepsWhatIsReady()
    {
        Put(store);
        var work = Work();
        Take(work, new() { Attempt = "x", Model = model });
        work.Take(new() { IsGathering = true });
        Assert.Equal(("x", ""), (work.Progress.Staged, work.Progress.Problem));

        work.Take(new());
        Assert.Equal("", work.Progress.Staged);
    }

    [Fact]
    public async Task Take_FirstWorkerAndItsOwnCopyAreDamaged_FetchesFromTheNext()
    {
        await using var damaged = await StartAsync("damaged");
        await using var whole = await StartAsync("whole");
        using var reach = new LinkReach([damaged.Address, whole.Address]);
        foreach (var link in reach.Links)
        {
            await GiveAsync(link);
        }

        await File.AppendAllTextAsync(At("damaged/iot/1/slow.txt"), "x", TestContext.Current.CancellationToken);
        Put(store);
        await File.AppendAllTextAsync(At("store/iot/1/slow.txt"), "x", TestContext.Current.CancellationToken);

        var work = Work(reach);
        Take(work, new() { Attempt = "x", Model = model });
        Assert.Equal(("x", ""), (work.Progress.Staged, work.Progress.Problem));
        Assert.Equal(model.Sha256, Bundle.Check(At("store/iot/1")));
    }

    [Fact]
    public async Task Take_PublishedAgainAndItsOwnCopyIsDamaged_FetchesAWholeOne()
    {
        await using var whole = await StartAsync("whole");
        using var reach = new LinkReach([whole.Address]);
        await GiveAsync(reach.Links[0]);
        Put(store);
        var work = Work(reach);
        var state = Decided with { Published = [model] };
        Take(work, new() { State = state });
        await File.AppendAllTextAsync(At("store/iot/1/slow.txt"), "x", TestContext.Current.CancellationToken);

        Take(work, new() { State = state with { Epoch = 4, Id = Guid.NewGuid().ToString("N") } });
        Assert.Equal((4, ""), (work.Progress.Applied.Epoch, work.Progress.Problem));
        Assert.Equal(model.Sha256, Bundle.Check(At("store/iot/1")));
    }

    [Fact]
    public async Task Take_OnlyCopyIsDamaged_NamesTheWorkerAndTheFile()
    {
        await using var damaged = await StartAsync("damaged");
        using var reach = new LinkReach([damaged.Address]);
        await GiveAsync(reach.Links[0]);
        await File.AppendAllTextAsync(At("damaged/iot/1/slow.txt"), "x", TestContext.Current.CancellationToken);

        var work = Work(reach);
        Take(work, new() { Attempt = "x", Model = model });
        Assert.Matches($"^{damaged.Address}: its copy of iot@1 is damaged: slow.txt: changed since the bundle was "
            + "written [(][^;]*[)]: publish it again$", work.Progress.Problem);
    }

    [Fact]
    public void Take_ModelIsRolledBack_IsServedOnForFlowsThatBeganWithIt()
    {
        var work = Work();
        var models = new[] { 1, 2, 3 }.Select(Write).ToList();
        var state = Decided with { Published = models };
        foreach (var main in models)
        {
            Use(main);
            Use(null);
            Assert.Contains($"'slow' of iot {main.Version} ", tiers.Description, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("'slow' of iot 1 ", tiers.Description, StringComparison.Ordinal);
        Assert.Contains("'slow' of iot 2 ", tiers.Description, StringComparison.Ordinal);

        void Use(FleetModel? main)
        {
            state = state with { Epoch = state.Epoch + 1, Setting = new() { Main = main } };
            Take(work, new() { State = state });
            Assert.Equal((state.Epoch, ""), (work.Progress.Applied.Epoch, work.Progress.Problem));
        }

        FleetModel Write(int version)
        {
            BundleWriter.Write(At($"v{version}"), SmallBundle.NewManifest(), new Dictionary<string, byte[]>
                (SmallBundle.Models)
            {
                ["slow.txt"] = Encoding.UTF8.GetBytes(SmallBundle.ModelText(sure: 0.7 + (0.1 * version / 2))),
            });
            var written = new FleetModel("iot", version, Bundle.Load(At($"v{version}")).Sha256);
            Put(store, written, At($"v{version}/1"));
            return written;
        }
    }

    NodeWork Work(FleetReach? reach = null) => new(new WorkerNode(EdgeWorker.CreateOptions(1), tiers, store),
        reach ?? new LinkReach([]), said.Add, said.Add, TestContext.Current.CancellationToken);

    void Put(BundleStore into) => Put(into, model, At("iot/1"));

    static void Put(BundleStore into, FleetModel what, string from)
    {
        foreach (var part in BundleTransfer.ListFiles(from))
        {
            into.Write("one", part.Name, 0, File.ReadAllBytes(Path.Combine(from, part.Name)));
        }

        into.Take(into.FindUpload("one"), what);
    }

    static void Take(NodeWork work, FleetOrder order)
    {
        work.Take(order);
        work.Wait(TimeSpan.FromMinutes(1));
    }

    /// <summary>Has a worker keep the published version.</summary>
    async Task GiveAsync(WorkerLink link)
    {
        await link.Tried;
        Assert.Equal("", await BundleTransfer.SendAsync(link, At("iot/1"), model,
            TestContext.Current.CancellationToken));
    }

    async Task<Peer> StartAsync(string name)
    {
        var address = new IPEndPoint(IPAddress.Loopback, TcpPort.FindFree());
        return new(address, await EdgeWorker.StartAsync(address.Port, At("iot"), At(name), _ => { }));
    }

    string At(string name) => Path.Combine(folder, name);

    sealed record Peer(IPEndPoint Address, FleetWorker Worker) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Worker.DisposeAsync();
    }

    /// <summary>Reaches workers over connections, in the order given.</summary>
    sealed class LinkReach(IReadOnlyList<IPEndPoint> workers) : FleetReach, IDisposable
    {
        public IReadOnlyList<WorkerLink> Links { get; } = [.. workers.Select(worker =>
            new WorkerLink(new() { Id = "edge" }, worker, TimeSpan.FromSeconds(30)))];

        public override string Cluster => "edge";

        public override Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel) =>
            Links[0].CallAsync(call, cancel);

        public override async Task<T?> AskEachAsync<T>(IReadOnlyList<string> workers,
            Func<WorkerLink, Task<T?>> ask)
            where T : class
        {
            foreach (var link in Links)
            {
                await link.Tried;
                if (await ask(link) is { } answer)
                {
                    return answer;
                }
            }

            return null;
        }

        public void Dispose() => Links.ToList().ForEach(link => link.Dispose());
    }
}
