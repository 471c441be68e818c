using ServeFlow.Cluster.Fleets.Leader;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Changes that are asked for twice, or out of bounds, and reports that are late or of others.</summary>
public sealed partial class FleetBoardTests
{
    [Fact]
    public void Activate_SameModelTwice_IsUndoneByOneRollBack()
    {
        foreach (var model in new[] { two, three, three })
        {
            ReadyAll(Activate(model));
            ApplyAll();
        }

        Over(new() { Kind = FleetChangeKind.RollBack });
        Assert.Equal(two, board.View().State.Setting.Main);
    }

    [Fact]
    public void Begin_SameChangeAgain_IsMadeOnce()
    {
        foreach (var model in new[] { two, three })
        {
            ReadyAll(Activate(model));
            ApplyAll();
        }

        var change = new FleetChange { Kind = FleetChangeKind.RollBack };
        var id = board.Begin(change).Attempt;
        Assert.Equal(id, board.Begin(change).Attempt);
        ApplyAll();
        Assert.True(board.Begin(change).IsDone);
        Assert.Equal(two, board.View().State.Setting.Main);

        var next = new FleetBoard(() => now); // it learns the decision only after it was asked again
        next.Begin(change);
        for (var i = 0; i < 4; i++)
        {
            nodes.Values.ToList().ForEach(node => next.Report(node with { State = board.View().State }));
            now += TimeSpan.FromSeconds(1);
        }

        Assert.True(next.Follow(id) is { IsOver: true, IsDone: true, Messages: [] });
        Assert.Equal(two, next.View().State.Setting.Main);
    }

    [Fact]
    public void Begin_NobodyIsThereOrTheLeaderStoodStill_IsNotDecidedByFew()
    {
        Publish(two);
        now += TimeSpan.FromSeconds(30); // as of a machine that was asleep
        var change = new FleetChange { Kind = FleetChangeKind.Activate, Name = "iot" };
        var id = board.Begin(change).Attempt;
        Say("a", node => node with { Staged = id });
        Assert.False(board.Follow(id).IsOver);
        Gather();
        Assert.Null(board.View().State.Setting.Main);
        ReadyAll(id);
        Assert.Equal(two, board.View().State.Setting.Main);

        var alone = new FleetBoard(() => now);
        var leaving = nodes["a"] with { IsLeaving = true };
        alone.Report(leaving);
        now += TimeSpan.FromSeconds(2);
        alone.Report(leaving);
        now += TimeSpan.FromSeconds(2);
        Assert.Equal("no node of the fleet is there: try again when 'ctl fleet' shows some",
            Assert.Single(alone.Begin(new()
            {
                Kind = FleetChangeKind.Publish,
                Name = "iot",
                Version = 2,
                Sha256 = two.Sha256,
            }).Messages));
    }

    [Fact]
    public void Report_WhileTheLeaderListens_NothingIsDropped()
    {
        Assert.True(Say("a").IsGathering);
        Gather();
        Assert.False(Say("a").IsGathering);
    }

    [Fact]
    public void Report_OvertakenByALaterOne_ChangesNothing()
    {
        Say("a", node => node with { Seconds = 5, Applied = 7 });
        board.Report(nodes["a"] with { Seconds = 4, Applied = 6 });

        Assert.Equal(7, board.View().Nodes[0].Report.Applied);
    }

    [Fact]
    public void Report_StateOfAnotherCluster_IsNotTaken()
    {
        var north = new FleetBoard(() => now, "north");
        var state = new FleetState { Epoch = 7, Cluster = "south", Setting = new() { Main = two } };
        Assert.Null(north.Report(nodes["a"] with { State = state }).State.Setting.Main);
        Assert.Null(north.Report(nodes["a"] with { State = state with { Cluster = "north", Epoch = long.MaxValue } })
            .State.Setting.Main);
        Assert.Equal(two, north.Report(nodes["a"] with { State = state with { Cluster = "north" } })
            .State.Setting.Main);
    }

    [Fact]
    public void Activate_NodeWorksByAnotherDecisionOfTheSameNumber_IsNotOver()
    {
        var id = Activate(two);
        ReadyAll(id);
        nodes.Keys.ToList().ForEach(name => Say(name, node => Apply(node) with { AppliedId = "another" }));
        Assert.False(board.Follow(id).IsOver);
        ApplyAll();
        Assert.True(board.Follow(id).IsOver);
    }

    [Fact]
    public void Canary_OfWhatAnswersEverywhere_IsRefused()
    {
        ReadyAll(Activate(two));
        ApplyAll();

        Assert.Equal(["iot@2: answers everywhere already"], Over(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = "iot",
            Share = 0.5,
        }).Messages);
    }

    [Theory]
    [InlineData(double.NaN, 5, "b", "the share is from 0 to 1")]
    [InlineData(2, 5, "b", "the share is from 0 to 1")]
    [InlineData(0.5, 1e9, "b", "the time is from 0 to 3600 seconds")]
    [InlineData(0.5, 5, "../b", "a sensor's name has at most 100 letters, digits, '.', '-' and '_'")]
    public void Begin_ChangeOutOfBounds_IsRefused(double share, double seconds, string sensor, string why)
    {
        Publish(two);

        Assert.Equal([why], board.Begin(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = "iot",
            Share = share,
            Within = TimeSpan.FromSeconds(seconds),
            Sensors = [sensor],
        }).Messages);
    }
}
