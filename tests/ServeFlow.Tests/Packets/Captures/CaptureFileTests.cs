using System.IO.Compression;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class CaptureFileTests
{
    static readonly byte[] Capture = Build(400);

    static byte[] Build(int packets)
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < packets; i++)
        {
            capture.Add(1_700_000_000_000_000_000 + i, Frame.Simple([(byte)i, (byte)(i >> 8)]));
        }

        return capture.ToArray();
    }

    static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    static byte[] Zstd(byte[] bytes)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    [Fact]
    public void Open_Gzip_IsRecognisedByContent() => Assert.Equal(400, ReadCapture.From(Gzip(Capture)).Packets.Count);

    [Fact]
    public void Open_GzipInSeveralMembers_IsReadToTheEnd() =>
        Assert.Equal(400, ReadCapture.From([.. Gzip(Capture[..1000]), .. Gzip(Capture[1000..])]).Packets.Count);

    [Fact]
    public void Open_Zstd_IsRecognisedByContent() => Assert.Equal(400, ReadCapture.From(Zstd(Capture)).Packets.Count);

    [Fact]
    public void Open_ZstdThatBeginsWithASkippableFrame_IsRecognised() =>
        Assert.Equal(400, ReadCapture.From([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9, .. Zstd(Capture)]).Packets.Count);

    [Fact]
    public void Open_ZstdOfPcapng_IsRecognisedByContent()
    {
        var capture = new PcapngBuilder().Section(big: true).Interface().Enhanced(0, 5, Frame.Simple()).ToArray();

        Assert.Single(ReadCapture.From(Zstd(capture)).Packets);
    }

    [Fact]
    public void Poll_CorruptCompression_GivesThePacketsBeforeAndCountsIt()
    {
        var packed = Gzip(Build(20_000));
        packed.AsSpan(packed.Length / 2, 64).Fill(0xff);

        var read = ReadCapture.From(packed, 1 << 18);

        Assert.InRange(read.Packets.Count, 1000, 19_999);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Fact]
    public void Poll_GzipCutShort_GivesThePacketsBeforeAndCountsIt()
    {
        var packed = Gzip(Build(20_000));

        var read = ReadCapture.From(packed[..(packed.Length / 2)], 1 << 18);

        Assert.InRange(read.Packets.Count, 1000, 19_999);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Fact]
    public void Poll_ZstdCutShort_GivesThePacketsBeforeAndCountsIt()
    {
        var packed = Zstd(Build(20_000));

        var read = ReadCapture.From(packed[..(packed.Length / 2)], 1 << 18);

        Assert.InRange(read.Packets.Count, 1000, 19_999);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Fact]
    public void Poll_StreamThatGivesOneByteAtATime_GivesTheSamePackets()
    {
        using var file = CaptureFile.Open(new TricklingStream(Capture), "-");

        Assert.Equal(ReadCapture.From(Capture).Packets.Select(p => p.TimestampNs),
            ReadCapture.From(file).Packets.Select(p => p.TimestampNs));
    }

    [Theory]
    [InlineData("", "test.pcap: empty, no capture in it: record it again or leave it out")]
    [InlineData("d4c3b2a1020004",
        "test.pcap: ends at byte 7, inside the capture's file header: copy the capture again")]
    [InlineData("0a0d0d0a1c000000",
        "test.pcap: ends at byte 8, inside the capture's file header: copy the capture again")]
    [InlineData("7b226122", "test.pcap: not a capture (begins with 7B226122); expected pcap, pcapng, snoop " +
        "or ERF, plain or compressed: give a capture file or a directory of them")]
    public void Open_NoCapture_SaysWhatAndWhatToDo(string hex, string message)
    {
        var error = Assert.Throws<InputException>(() => ReadCapture.From(Convert.FromHexString(hex)));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Open_BrokenGzip_SaysWhere()
    {
        byte[] broken = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff];

        var error = Assert.Throws<InputException>(() => ReadCapture.From(broken));

        Assert.Equal("test.pcap: cannot be read (corrupt compression at byte 0): copy the capture again",
            error.Message);
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        var error = Assert.Throws<InputException>(() => CaptureFile.Open("nowhere/x.pcap"));

        Assert.Equal("nowhere/x.pcap: no such file: give an existing capture file or directory", error.Message);
    }

    sealed class TricklingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }
}
