using ServeFlow.Cluster.Fleets.Leader;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>How a fleet decides, by a clock of the test's own.</summary>
public sealed partial class FleetBoardTests
{
    static readonly FleetModel two = new("iot", 2, new('2', 64));
    static readonly FleetModel three = new("iot", 3, new('3', 64));

    readonly FleetBoard board;
    readonly Dictionary<string, NodeReport> nodes = [];
    TimeSpan now = TimeSpan.FromSeconds(10);

    public FleetBoardTests()
    {
        board = new(() => now);
        nodes["w"] = new() { Name = "w", Instance = "1", Worker = new() };
        foreach (var name in new[] { "a", "b" })
        {
            nodes[name] = new() { Name = name, Instance = "1", Sensor = new() };
        }
    }

    [Fact]
    public void Activate_AllAreReady_IsDecidedAndOverOnceAllSaySo()
    {
        var id = Activate(two);
        ReadyAll(id, but: "b");
        Assert.Null(board.View().State.Setting.Main);
        ReadyAll(id);
        Assert.Equal(two, board.View().State.Setting.Main);
        Assert.False(board.Follow(id).IsOver);
        ApplyAll();

        var over = board.Follow(id);
        Assert.True(over is { IsOver: true, IsDone: true, Messages: [] });
    }

    [Fact]
    public void Activate_OneCannot_NobodyDoesAndItSaysWhy()
    {
        var id = Activate(two);
        Say("a", node => node with { Staged = id });
        Say("b", node => node with { Staged = id, Problem = "the disk is full" });

        Assert.True(board.Follow(id) is { IsOver: true, IsDone: false, Messages: ["sensor b: the disk is full"] });
        Assert.Null(board.View().State.Setting.Main);
        Assert.Empty(Say("a").Attempt);
    }

    [Fact]
    public void Activate_OneDiesOrIsSlow_NobodyDoesWhenTheTimeIsOver()
    {
        var id = Activate(two);
        Say("a", node => node with { Staged = id });
        for (var i = 0; i < 5; i++)
        {
            now += TimeSpan.FromSeconds(1);
            Say("a");
            Say("w");
        }

        Assert.Equal(["sensor b: says nothing any more", "worker w: was not ready in time"],
            board.Follow(id).Messages.Order());
        Assert.Null(board.View().State.Setting.Main);
    }

    [Fact]
    public void Activate_OneDiesAfterItWasReady_IsDecidedAndItCatchesUp()
    {
        var id = Activate(two);
        ReadyAll(id);
        for (var i = 0; i < 4; i++)
        {
            now += TimeSpan.FromSeconds(1);
            Say("a", Apply);
            Say("w", Apply);
        }

        Assert.True(board.Follow(id) is { IsOver: true, IsDone: true });
        Assert.Equal(["sensor b: says nothing any more; it catches up when it is back"], board.Follow(id).Messages);
        Assert.Equal(two, Say("b").State.Setting.Main);
    }

    [Fact]
    public void Activate_ModelThatNobodyPublished_IsRefused()
    {
        Activate(two);
        var said = board.Begin(new() { Kind = FleetChangeKind.Activate, Name = "web" });
        Assert.Equal(["another change is under way: try again when it is over"], said.Messages);

        now += TimeSpan.FromMinutes(1);
        Gather();
        said = board.Begin(new() { Kind = FleetChangeKind.Activate, Name = "web", Version = 7 });
        Assert.Equal(["the fleet has no model 'web@7': publish it first; it has iot@2"], said.Messages);
        Assert.True(said is { IsOver: true, IsDone: false });
    }

    [Fact]
    public void Publish_SameVersionOfAnotherContent_IsRefused()
    {
        Publish(two);
        var said = board.Begin(new()
        {
            Kind = FleetChangeKind.Publish,
            Name = "iot",
            Version = 2,
            Sha256 = new('c', 64),
        });

        Assert.Equal(["iot@2: was published with another content (22222222): give it a new version"], said.Messages);
    }

    [Fact]
    public void Canary_OfNamedSensors_AsksThemAndWorkersAlone()
    {
        Publish(two);
        Publish(three);
        var id = board.Begin(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = "iot",
            Share = 1,
            Sensors = ["b"],
        }).Attempt;
        Assert.Null(Say("a").Model);
        Assert.Equal(three, Say("b", node => node with { Staged = id }).Model);
        Say("w", node => node with { Staged = id });

        var setting = board.View().State.Setting;
        Assert.Equal((null, null), setting.FindModels("a"));
        Assert.Equal((three, null), setting.FindModels("b"));
        Assert.Equal(["sensor c: is not there"], Over(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = "iot",
            Sensors = ["c"],
        }).Messages);
    }

    [Fact]
    public void RollBack_OneIsInTrouble_IsDecidedAtOnce()
    {
        foreach (var model in new[] { two, three })
        {
            ReadyAll(Activate(model));
            ApplyAll();
        }

        Say("b", node => node with { Problem = "the disk is full" });
        var id = board.Begin(new() { Kind = FleetChangeKind.RollBack }).Attempt;
        SayAll();
        Assert.Equal(two, board.View().State.Setting.Main);
        for (var i = 0; i < 11; i++)
        {
            now += TimeSpan.FromSeconds(1);
            Say("a", Apply);
            Say("b");
            Say("w", Apply);
        }

        Assert.Equal(["sensor b: the disk is full"], board.Follow(id).Messages);
        Assert.True(board.Follow(id).IsDone);
        Assert.Equal("the fleet had no other setting before: there is nothing to go back to",
            Assert.Single(RollBackTwice().Messages));
    }

    [Fact]
    public void Report_LeaderHasDied_NextOneLearnsWhatWasDecided()
    {
        ReadyAll(Activate(two));
        ApplyAll();
        var next = new FleetBoard(() => now);
        var begun = next.Begin(new() { Kind = FleetChangeKind.Activate, Name = "iot", Version = 2 });
        Assert.False(begun.IsOver); // it listens first

        next.Report(nodes["a"] with { State = board.View().State });
        Assert.Equal(board.View().State, next.View().State);
        Assert.Equal(board.View().State, next.Report(nodes["b"]).State);
        Assert.True(next.Follow(begun.Attempt) is { IsOver: true, IsDone: false });
        var unknown = next.Follow("x");
        Assert.Equal(["the worker that led the change is gone"], unknown.Messages);
        Assert.True(unknown is { IsOver: true, IsDone: false, IsUnknown: true });
    }

    [Fact]
    public void Report_LeaderHasDied_NextOneShowsItAndThoseThatWereAway()
    {
        var first = new FleetBoard(() => now, host: "w");
        nodes["v"] = nodes["w"] with { Name = "v" };
        nodes.Values.ToList().ForEach(node => first.Report(node));
        now += TimeSpan.FromSeconds(5);
        first.Report(nodes["w"]);
        first.Report(nodes["b"]);
        Assert.Empty(first.Report(nodes["b"]).Others);
        var others = first.Report(nodes["v"]).Others;
        Assert.Equal([("w", "present"), ("a", "away")], others.Select(node => (node.Report.Name, node.State)));

        now += TimeSpan.FromSeconds(1); // within which the board would take a node for present that it has heard
        var next = new FleetBoard(() => now, host: "v");
        next.Report(nodes["b"]);
        next.Report(nodes["v"] with { Others = [.. others, others[0] with { Age = double.NaN }] });
        Assert.Equal([("a", "away", 5.0), ("b", "present", 0.0), ("v", "present", 0.0), ("w", "away", 4.0)],
            next.View().Nodes.Select(node => (node.Report.Name, node.State, node.Age)));
        Assert.Equal(["v"], next.Report(nodes["b"]).Workers);

        Assert.Equal("", next.Report(nodes["w"] with { Instance = "2" }).Refusal); // it starts again
        Assert.Equal("present", next.View().Nodes[^1].State);
    }

    [Fact]
    public void Report_StrangerOfTheSameName_IsRefusedUntilTheOtherIsGone()
    {
        SayAll();
        var stranger = nodes["a"] with { Instance = "2", Staged = "x" };
        Assert.Equal("another sensor has the name a: give each its own by --cluster-name",
            board.Report(stranger).Refusal);
        Assert.StartsWith("another sensor has this name too, ", board.View().Nodes[0].Report.Problem,
            StringComparison.Ordinal);

        now += TimeSpan.FromSeconds(4);
        Assert.Equal("", board.Report(stranger).Refusal);
        Assert.Equal("", board.View().Nodes[0].Report.Problem);
        Assert.Equal(["present", "away", "away"], board.View().Nodes.Select(node => node.State));
        Say("b", node => node with { IsLeaving = true });
        Assert.Equal(["present", "left", "away"], board.View().Nodes.Select(node => node.State));
    }

    FleetProgress RollBackTwice()
    {
        Over(new() { Kind = FleetChangeKind.RollBack });
        return Over(new() { Kind = FleetChangeKind.RollBack });
    }

    /// <summary>Makes a change to its end.</summary>
    FleetProgress Over(FleetChange change)
    {
        now += TimeSpan.FromMinutes(1);
        Gather();
        var id = board.Begin(change);
        ReadyAll(id.Attempt);
        ApplyAll();
        return id.Attempt.Length > 0 ? board.Follow(id.Attempt) : id;
    }

    void Publish(FleetModel model)
    {
        Gather();
        board.Begin(new()
        {
            Kind = FleetChangeKind.Publish,
            Name = model.Name,
            Version = model.Version,
            Sha256 = model.Sha256,
        });
        SayAll();
        ApplyAll();
    }

    /// <summary>Has the board hear all for longer than it listens before the first change.</summary>
    void Gather()
    {
        SayAll();
        for (var i = 0; i < 2; i++)
        {
            now += TimeSpan.FromSeconds(2);
            SayAll();
        }
    }

    string Activate(FleetModel model)
    {
        Publish(model);
        return board.Begin(new() { Kind = FleetChangeKind.Activate, Name = model.Name, Version = model.Version })
            .Attempt;
    }

    void ReadyAll(string id, string but = "")
    {
        foreach (var name in nodes.Keys.Where(name => name != but))
        {
            Say(name, node => node with { Staged = id });
        }
    }

    void ApplyAll() => nodes.Keys.ToList().ForEach(name => Say(name,
        node => Apply(node) with { Staged = "", Problem = "" }));

    NodeReport Apply(NodeReport node) =>
        node with { Applied = board.View().State.Epoch, AppliedId = board.View().State.Id };

    void SayAll() => nodes.Keys.ToList().ForEach(name => Say(name));

    FleetOrder Say(string name, Func<NodeReport, NodeReport>? change = null) =>
        board.Report(nodes[name] = change?.Invoke(nodes[name]) ?? nodes[name]);
}
