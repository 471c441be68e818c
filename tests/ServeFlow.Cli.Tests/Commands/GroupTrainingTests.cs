using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary><c>train --group</c> counts groups where it would count captures, and says so.</summary>
public sealed class GroupTrainingTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-groups").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Sixteen captures of four hosts: too few observations to choose columns by.</summary>
    [Fact]
    public void Train_FewHostsOfManyCaptures_CountsHosts()
    {
        WriteLabels(row => $"host{row % 4}");

        var printed = Train();

        Assert.Contains("the default set: 4 groups tell no gain from chance, it takes 10", printed);
        Assert.DoesNotContain("draws of captures", printed);
        Assert.DoesNotContain(" captures that nothing had seen", printed);
    }

    /// <summary>Fourteen hosts: enough, and every sentence counts them.</summary>
    [Fact]
    public void Train_ManyHosts_ChoosesColumnsByThem()
    {
        WriteLabels(row => $"host{row % 14}");

        var printed = Train();

        Assert.Contains("(et@3 on 14 groups, each set against", printed);
        Assert.DoesNotContain(" captures that nothing had seen", printed);
    }

    void WriteLabels(Func<int, string> hostOf)
    {
        SyntheticSet.Write(new() { Directory = At("traffic"), Flows = 400, Classes = 3, Captures = 16, Seed = 1 });
        var lines = File.ReadAllLines(At("traffic/labels.csv"));
        File.WriteAllLines(At("labels.csv"), [$"{lines[0]},host", .. lines[1..]
            .Select((line, row) => $"{line},{hostOf(row)}")]);
    }

    string Train()
    {
        var (code, written, said) = ProgramProcess.Run(folder,
            "$serveflow train -r traffic --labels labels.csv -o bundle --group host --models dt --depths 1,3");
        Assert.True(code == CommandRunner.Succeeded, said);
        return written + said;
    }

    string At(string name) => Path.Combine(folder, name);
}
