using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

/// <summary>Flows divided by a column of the labels file: sessions or hosts, finer or coarser than captures.</summary>
public sealed class GroupColumnTests : IDisposable
{
    const string Header = "src,sport,dst,dport,proto,label,Host\n";

    readonly string root = Directory.CreateTempSubdirectory("serveflow-group-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    static IReadOnlyList<LabelRow> Read(string text, GroupColumn? group) =>
        LabelFile.Read(new StringReader(text), "labels.csv", group).Rows;

    static string ErrorMessage(string text, string column) =>
        Assert.Throws<InputException>(() => Read(text, new(column))).Message;

    [Theory]
    [InlineData("Host")]
    [InlineData("host")]
    public void Read_Column_IsTheRowsGroup(string column)
    {
        var rows = Read(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web, kitchen \n10.0.0.1,1,10.0.0.2,3,tcp,web,hall\n",
            new(column));

        Assert.Equal(["kitchen", "hall"], rows.Select(row => row.Group));
    }

    [Fact]
    public void Read_NoColumnAskedFor_HasNoGroups() =>
        Assert.Null(Read(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web,kitchen\n", null)[0].Group);

    [Fact]
    public void Read_ColumnThatIsMissing_NamesThoseThatThereAre()
    {
        var message = ErrorMessage(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web,kitchen\n", "session");

        Assert.StartsWith("labels.csv:1: no column 'session'", message);
        Assert.Contains("label, Host", message);
    }

    [Fact]
    public void Read_OptionalColumnThatIsMissing_IsLeftOut() => Assert.Null(
        Read(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web,kitchen\n", new("session", IsOptional: true))[0].Group);

    [Fact]
    public void Read_RowWithoutAGroup_NamesTheLine() => Assert.StartsWith("labels.csv:3: no value in column 'Host'",
        ErrorMessage(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web,hall\n10.0.0.1,1,10.0.0.2,3,tcp,web,\n", "Host"));

    /// <summary>A row without a label is no flow of the data set, and needs no group.</summary>
    [Fact]
    public void Read_UnlabelledRowWithoutAGroup_IsAccepted() => Assert.Single(
        Read(Header + "10.0.0.1,1,10.0.0.2,2,tcp,web,hall\n10.0.0.1,1,10.0.0.2,3,tcp,,\n", new("Host")));

    /// <summary>All flows are of one capture, which by itself could not be divided.</summary>
    [Fact]
    public void Train_GroupsWithinOneCapture_AreDividedWholeAndHeldOutOnesEvaluated()
    {
        var data = Grouped(SessionFlows.Data());
        var bundle = Bundle.Load(CascadeTrainer.Train(new()
        {
            Data = data,
            Bundle = Path.Combine(root, "homes"),
            Trainers = [new DtTrainer()],
            Depths = [1],
            HoldOut = 0.25,
            Options = new() { Threads = 1 },
        }, cancel: TestContext.Current.CancellationToken).Bundle);

        var groups = bundle.Manifest.Data.Groups!;
        var held = data.Groups.Except(groups.Trained).ToHashSet();
        Assert.Equal("host", groups.Column);
        Assert.InRange(held.Count, 1, data.Groups.Count / 2);
        Assert.Equal(data.Flows.Count(flow => !held.Contains(data.Groups[flow.Group])), bundle.Manifest.Data.Flows);
        var result = Evaluator.Run(new() { Bundle = bundle, Data = data },
            cancel: TestContext.Current.CancellationToken);
        Assert.Equal(data.Flows.Count(flow => held.Contains(data.Groups[flow.Group])), result.Data.Flows);
        Assert.All(result.Classes, c => Assert.Equal(data.Flows.Where(flow => data.Labels[flow.Label] == c.Label)
            .Select(flow => data.Groups[flow.Group]).Distinct().Count(held.Contains), c.Captures));
        Assert.All(result.Classes, c => Assert.Equal(c.Captures > 1, c.Interval is not null));
        Assert.Contains(result.Classes, c => c.Captures > 1);
    }

    [Fact]
    public void Folds_Groups_AreInOneFoldEach()
    {
        var flows = FlowSample.All(Grouped(SessionFlows.Data()));
        var folds = Split.Folds(flows, 3, SplitKind.Capture, seed: 1);

        Assert.Equal(flows.Count, folds.Sum(fold => fold.HeldOut.Count));
        Assert.All(folds, fold => Assert.Empty(fold.Train.Groups.Intersect(fold.HeldOut.Groups)));
    }

    /// <summary>Cutting a capture into several divides no group.</summary>
    [Fact]
    public void Folds_OneGroup_SuggestsAnotherColumn()
    {
        var one = FlowSample.All(Grouped(SessionFlows.Data(), _ => 0));

        Assert.EndsWith("flows are of one group, which a split by group cannot divide: give flows of more groups, or "
            + "divide by another column of the labels than 'host'", Assert.Throws<InputException>(
                () => Split.Folds(one, 3, SplitKind.Capture, seed: 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>The same flows in one capture, with what were captures as groups.</summary>
    static DataSet Grouped(DataSet data, Func<int, int>? groupOf = null) => new()
    {
        Schema = data.Schema,
        Depth = data.Depth,
        WaitLimit = data.WaitLimit,
        Labels = data.Labels,
        Captures = [new("all.pcap", new('a', 64))],
        Groups = [.. data.Captures.Select(capture => $"host of {capture.Path}")],
        GroupColumn = "host",
        Flows = [.. data.Flows.Select(flow => flow with
        {
            Capture = 0,
            Group = groupOf?.Invoke(flow.Capture) ?? flow.Capture,
        })],
        Headers = data.Headers,
        Sha256 = data.Sha256,
    };
}
