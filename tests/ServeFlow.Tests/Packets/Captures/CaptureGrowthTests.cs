using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>Files that change while they are read: reading ends with a reason, and never with the process.</summary>
public sealed class CaptureGrowthTests : IDisposable
{
    const int Packets = 20_000;

    readonly string path = Path.GetTempFileName();

    public CaptureGrowthTests()
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < Packets; i++)
        {
            capture.Add(i, Frame.Simple(new byte[100]));
        }

        File.WriteAllBytes(path, capture.ToArray());
    }

    [Fact]
    public void Poll_FileCutMeanwhile_EndsWithDamage()
    {
        using var capture = CaptureFile.Open(path);
        var burst = new PacketBurst();
        Assert.True(capture.Poll(burst));
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength((file.Length / 2) + 1);
        }

        Drain(capture, burst);

        Assert.InRange(capture.Packets, Packets / 4, Packets - 1);
        Assert.Equal(1, capture.DamageCounts[DamageReason.TruncatedRecord]);
    }

    [Fact]
    public void Poll_FileEmptiedMeanwhile_HandsOverWhatWasRead()
    {
        using var capture = CaptureFile.Open(path);
        var burst = new PacketBurst();
        Assert.True(capture.Poll(burst));
        new FileStream(path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite).Dispose();

        Drain(capture, burst);

        Assert.InRange(capture.Packets, 1, Packets - 1);
    }

    [Fact]
    public void Poll_FileWrittenOnMeanwhile_ReadsWhatIsThereWhenItArrives()
    {
        using var capture = CaptureFile.Open(path);
        var burst = new PacketBurst();
        Assert.True(capture.Poll(burst));
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(new CaptureBuilder().Add(1, Frame.Simple()).ToArray().AsSpan(24));
        }

        Drain(capture, burst);

        Assert.Equal((Packets + 1, 0), (capture.Packets, capture.DamageCounts.Total));
    }

    public void Dispose() => File.Delete(path);

    static void Drain(CaptureFile capture, PacketBurst burst)
    {
        while (capture.Poll(burst))
        {
            Assert.NotEqual(0, burst.Count);
        }
    }
}
