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

    [Theory]
    [InlineData(60, 2)]
    [InlineData(180, 1)]
    [InlineData(int.MaxValue, 1)]
    public void Write_ClockWasSetBack_NextFileBegins(int fileMinutes, int files)
    {
        var dump = new PcapDump(new()
        {
            Directory = folder,
            FileTime = fileMinutes == int.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromMinutes(fileMinutes),
        });
        foreach (var minute in new[] { 600, 590, 610, 480, 490 })
        {
            dump.Write(new(minute * 60_000_000_000L, 4, 4, LinkType.Ethernet), [1, 2, 3, 4]);
        }

        dump.Flush();
        dump.Close();
        Assert.Equal(files, Directory.GetFiles(folder).Length);
        Assert.Equal(5, dump.Written);
    }
}
