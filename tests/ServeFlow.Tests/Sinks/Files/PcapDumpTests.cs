using ServeFlow.Packets;
using ServeFlow.Sinks.Files;
using Xunit;

namespace ServeFlow.Tests.Sinks.Files;

public sealed class PcapDumpTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-pcap-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_NextFileCannotBeOpened_WhatTheLastOneTookCountsAsWritten()
    {
        var files = Path.Combine(folder, "files");
        var dump = new PcapDump(new() { Directory = files, FileBytes = 1 });
        dump.Write(new(0, 4, 4, LinkType.Ethernet), [1, 2, 3, 4]);
        Assert.Equal((0, 1), (dump.Written, dump.Pending));
        Directory.Move(files, files + "-moved");
        File.WriteAllText(files, "a file where a directory should be");

        Assert.ThrowsAny<IOException>(() => dump.Write(new(1, 4, 4, LinkType.Ethernet), [1, 2, 3, 4]));

        Assert.Equal((1, 0), (dump.Written, dump.Pending));
    }
}
