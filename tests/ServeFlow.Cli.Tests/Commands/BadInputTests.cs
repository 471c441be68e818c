using System.CommandLine;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Training;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>
/// What a user gives wrongly on the command line: an exit code, never an exception, and nothing left behind.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-bad").FullName;

    public BadInputTests() => Assert.Equal(CommandRunner.Succeeded,
        Run("synth", "--out", At("set"), "--flows", "60", "--classes", "2", "--captures", "3"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--folds", "0")]
    [InlineData("--folds", "1")]
    [InlineData("--hold-out", "1.5")]
    [InlineData("--hold-out", "-1")]
    [InlineData("--hold-out", "NaN")]
    [InlineData("--hold-out", "0,25")]
    [InlineData("--wait-limit", "0")]
    [InlineData("--wait-limit", "-5")]
    [InlineData("--wait-limit", "1e300")]
    [InlineData("--wait-limit", "NaN")]
    [InlineData("--rounds", "0")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "-2")]
    [InlineData("--max-loss", "NaN")]
    [InlineData("--budget", "2")]
    [InlineData("--seed", "x")]
    [InlineData("--split", "x")]
    [InlineData("--bogus", "1")]
    [InlineData("--depths", "0")]
    [InlineData("--depths", "10001")]
    [InlineData("--depths", "1,,2")]
    [InlineData("--models", "dt,x")]
    public void Train_OptionOutOfBounds_IsUsageAndWritesNothing(string option, string value)
    {
        Assert.Equal(CommandRunner.Usage, Train("-o", At("bundle"), option, value));
        AssertNothingBut("set");
    }

    [Theory]
    [InlineData("--models", "dt", "--tiers", "lgbm@1")]
    [InlineData("--models", "dt", "--tiers", "dt@0")]
    public void Train_ListWithoutSense_FailsAndWritesNothing(params string[] options)
    {
        Assert.Equal(CommandRunner.Failed, Train(["-o", At("bundle"), .. options]));
        AssertNothingBut("set");
    }

    [Fact]
    public void Train_UnwritableBundle_FailsBeforeItReads()
    {
        File.WriteAllText(At("file"), "");

        Assert.Equal(CommandRunner.Failed, Train("-o", At("file")));
        Assert.Equal(CommandRunner.Failed, Train("-o", Path.Combine(At("file"), "below")));
        Assert.Equal(CommandRunner.Usage, Train("-o", ""));
        AssertNothingBut("file", "set");
    }

    [Fact]
    public void Train_LabelsAreADirectory_Fails()
    {
        Assert.Equal(CommandRunner.Failed, Run("train", "-r", At("set"), "--labels", folder, "-o", At("bundle")));
        AssertNothingBut("set");
    }

    [Theory]
    [InlineData("--flows", "0")]
    [InlineData("--flows", "many")]
    [InlineData("--rate", "NaN")]
    [InlineData("--rate", "-1")]
    [InlineData("--captures", "0")]
    public void Synth_NumberOutOfBounds_IsUsageAndWritesNothing(string option, string value)
    {
        Assert.Equal(CommandRunner.Usage, Run("synth", "--out", At("other"), option, value));
        AssertNothingBut("set");
    }

    [Fact]
    public void Synth_EmptyDirectoryWithTrailingSeparator_IsFilled()
    {
        Directory.CreateDirectory(At("other"));

        Assert.Equal(CommandRunner.Succeeded,
            Run("synth", "--out", At("other") + "/", "--flows", "5", "--captures", "1"));
        Assert.True(File.Exists(Path.Combine(At("other"), "labels.csv")));
        AssertNothingBut("other", "set");
    }

    [Fact]
    public void Demo_DirectoryInUse_FailsAndTouchesNothing()
    {
        var before = Directory.GetFileSystemEntries(At("set"));

        Assert.Equal(CommandRunner.Failed, Run("demo", "--quick", "--out", At("set")));
        Assert.Equal(before, Directory.GetFileSystemEntries(At("set")));
    }

    [Fact]
    public void Features_OutputIsTheInput_FailsAndLeavesItAlone()
    {
        var capture = Directory.GetFiles(Path.Combine(At("set"), "captures"))[0];
        var bytes = File.ReadAllBytes(capture);
        File.CreateSymbolicLink(At("link"), capture);

        Assert.Equal(CommandRunner.Failed, Run("features", "-r", capture, "-w", capture));
        Assert.Equal(CommandRunner.Failed, Run("features", "-r", capture, "-w", At("link")));
        Assert.Equal(CommandRunner.Failed, Run("features", "-r", capture, "--format", "nprint", "-w", capture));
        Assert.Equal(bytes, File.ReadAllBytes(capture));
    }

    [Fact]
    public void Features_OutputInNoDirectory_Fails() => Assert.Equal(CommandRunner.Failed,
        Run("features", "-r", At("set"), "-w", Path.Combine(At("absent"), "out")));

    [Fact]
    public void Features_NPrintOfACaptureWithoutPackets_FailsAndWritesNothing()
    {
        var capture = Directory.GetFiles(Path.Combine(At("set"), "captures"))[0];
        File.WriteAllBytes(At("empty.pcap"), File.ReadAllBytes(capture)[..24]);

        Assert.Equal(CommandRunner.Failed,
            Run("features", "-r", At("empty.pcap"), "--format", "nprint", "-w", At("out")));
        AssertNothingBut("empty.pcap", "set");
    }

    [Fact]
    public void OutputFile_Device_IsWrittenNotReplaced()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "no /dev/null here");
        using (var output = new OutputFile("/dev/null"))
        {
            output.Stream.WriteByte(1);
            output.Complete();
        }

        Assert.Empty(File.ReadAllBytes("/dev/null"));
        Assert.Empty(Directory.GetFiles("/dev", "*.partial"));
    }

    string At(string name) => Path.Combine(folder, name);

    int Train(params string[] options) => Run(
        ["train", "-r", At("set"), "--labels", Path.Combine(At("set"), "labels.csv"), .. options]);

    static int Run(params string[] arguments) => CommandRunner.Run(new RootCommand
    {
        DemoCommand.Create(), SynthCommand.Create(), FeaturesCommand.Create(), TrainCommand.Create(),
    }, arguments);

    void AssertNothingBut(params string[] names) =>
        Assert.Equal(names,
            Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
}
