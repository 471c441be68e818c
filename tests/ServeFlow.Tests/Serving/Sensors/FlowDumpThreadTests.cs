using ServeFlow.Packets;
using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

public sealed class FlowDumpThreadTests : IDisposable
{
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-dump-thread-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_NothingToWriteAfterAFailure_IsNoRecovery()
    {
        var said = new List<string>();
        var dump = new FlowDump([], 1000, 1000, new(TinyCascade.Plan(1)));
        var files = Path.Combine(folder, "files");
        File.WriteAllText(files, "a file where a directory should be");
        var thread = new FlowDumpThread([dump], new() { Directory = files }, said.Add);
        Assert.True(dump.Queue.TryAdd(new(0, 4, 4, LinkType.Ethernet), [1, 2, 3, 4]));

        thread.Start();
        thread.Finish(Grace);
        Assert.True(thread.Join(Grace));

        Assert.StartsWith("flow dump: cannot be written: ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal((0, 1), (thread.Statistics.Written, thread.Statistics.Failed));
    }
}
