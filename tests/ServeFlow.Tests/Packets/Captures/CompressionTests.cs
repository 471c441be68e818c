using System.IO.Compression;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Packets.Captures.Reading;
using SharpCompress.Compressors.BZip2;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>Captures in every compression, nested too; what is broken, cut or a bomb ends with a reason.</summary>
public sealed class CompressionTests
{
    const SharpCompress.Compressors.CompressionMode Packing = SharpCompress.Compressors.CompressionMode.Compress;
    static readonly byte[] Capture = Build(400);
    static readonly byte[] Large = Build(20_000);
    static readonly string Samples =
        Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Packets", "Captures", "samples");

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lz4")]
    [InlineData("gzip zstd")]
    [InlineData("bzip2 lz4 gzip")]
    public void Open_Compressed_GivesAllPackets(string layers)
    {
        var read = Read(Pack(Capture, layers));

        Assert.Equal(400, read.Packets.Count);
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lz4")]
    public void Open_TwoStreamsInARow_AreReadToTheEnd(string kind) =>
        Assert.Equal(400, Read([.. Pack(Capture[..9000], kind), .. Pack(Capture[9000..], kind)]).Packets.Count);

    [Theory]
    [InlineData(400)]
    [InlineData(20_000)]
    public void Poll_GzipWithAWrongChecksum_GivesNearlyAll(int packets)
    {
        var capture = Build(packets);
        var packed = Pack(capture, "gzip");
        packed[^8] ^= 1;

        var file = Read(packed).File;

        Assert.Equal(1, file.DamageCounts[DamageReason.CorruptCompression]);
        Assert.InRange(file.Bytes, capture.Length - Math.Max(4096, capture.Length / 16), capture.Length);
    }

    [Theory]
    [InlineData("two-streams.pcap.xz")]
    [InlineData("blocks.pcap.xz")]
    [InlineData("dependent.pcap.lz4")]
    public void Open_Sample_GivesAllPackets(string name)
    {
        var read = Read(File.ReadAllBytes(Path.Combine(Samples, name)));

        Assert.Equal(400, read.Packets.Count);
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("lz4")]
    public void Poll_CutShort_CountsIt(string kind)
    {
        var packed = Pack(Large, kind);

        var read = Read(packed[..(packed.Length - 20)]);

        Assert.InRange(read.Packets.Count, 0, 19_999);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Fact]
    public void Poll_XzCutShort_CountsIt()
    {
        var packed = File.ReadAllBytes(Path.Combine(Samples, "blocks.pcap.xz"));

        var read = Read(packed[..(packed.Length / 2)]);

        Assert.InRange(read.Packets.Count, 1, 399);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("gzip zstd")]
    [InlineData("zstd gzip")]
    public void Poll_Bomb_StopsAtTheLimit(string layers)
    {
        var bomb = Pack([.. Capture, .. new byte[64 << 20]], layers);

        var read = Read(bomb, new(100, 1 << 20)).File;

        Assert.Equal(1, read.DamageCounts[DamageReason.ExpansionLimit]);
        Assert.InRange(read.Bytes, 1 << 19, 32 << 20);
        Assert.Contains("expansion limit at byte", read.DescribeDamage(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 20_000, 0)]
    [InlineData(10, 1, 1)]
    public void Poll_Lz4LegacyFrames_AreRead(int cut, int least, int damages)
    {
        var packed = new MemoryStream();
        foreach (var part in Large.Chunk(300_000))
        {
            var block = new byte[LZ4Codec.MaximumOutputSize(part.Length)];
            var size = LZ4Codec.Encode(part, block);
            packed.Write([2, 0x21, 0x4c, 0x18, .. BitConverter.GetBytes(size)]); // a frame each
            packed.Write(block, 0, size);
        }

        var read = Read(packed.ToArray()[..^cut]);

        Assert.InRange(read.Packets.Count, least, 20_000);
        Assert.Equal(damages, read.File.DamageCounts[DamageReason.CorruptCompression]);
    }

    [Theory]
    [InlineData("delta.pcap.xz", "compressed with a filter that is not read, as by 'xz --delta'")]
    [InlineData("archive.pcap.tgz", "a tar archive, which is not read: unpack it first")]
    [InlineData("archive.pcap.zip", "a ZIP archive, which is not read: unpack it first")]
    [InlineData("old.pcap.lzma", "compressed in lzma's old format, which is not read: unpack it first, with 'xz -d'")]
    public void Open_PackedInAWayThatIsNotRead_SaysWhich(string name, string expected)
    {
        var error = Assert.Throws<InputException>(() => CaptureFile.Open(Path.Combine(Samples, name)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Poll_MoreThanTheBytesAllowed_StopsAtAnyRatio()
    {
        var read = Read(Pack([.. Capture, .. new byte[8 << 20]], "zstd"), new(double.PositiveInfinity, 0, 1 << 20));

        Assert.Equal(1, read.File.DamageCounts[DamageReason.ExpansionLimit]);
        Assert.InRange(read.File.Bytes, 1 << 16, 3 << 20);
    }

    [Fact]
    public void Poll_NoLimit_ReadsTheBomb() => Assert.Equal(400 + (1 << 16),
        Read(Pack([.. Capture, .. new byte[1 << 20]], "zstd"), new(double.PositiveInfinity, 0)).Packets.Count);

    static ReadCapture Read(byte[] bytes, ExpansionLimit? limit = null) => ReadCapture.From(bytes, 1 << 18, limit);

    static byte[] Pack(byte[] bytes, string layers) => layers.Split(' ').Aggregate(bytes, (inner, kind) =>
    {
        var packed = new MemoryStream();
        using (Stream stream = kind switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(packed, leaveOpen: true),
            "bzip2" => BZip2Stream.Create(packed, Packing, false, true, false),
            _ => LZ4Stream.Encode(packed, leaveOpen: true),
        })
        {
            stream.Write(inner);
        }

        return packed.ToArray();
    });

    static byte[] Build(int packets)
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < packets; i++)
        {
            capture.Add(1_700_000_000_000_000_000 + (i * 977_000L), Frame.Simple([(byte)i, (byte)(i >> 8)]));
        }

        return capture.ToArray();
    }
}
