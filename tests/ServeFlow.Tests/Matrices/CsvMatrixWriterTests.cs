using System.Globalization;
using System.Text;
using ServeFlow.Export.Matrices;
using ServeFlow.Features.Matrices;
using Xunit;

namespace ServeFlow.Tests.Matrices;

public sealed class CsvMatrixWriterTests
{
    [Fact]
    public void Write_LabelledBits_HeaderAndRowsAreALabelsFileWithColumns()
    {
        var lines = Lines(MatrixFixture.Bits);

        Assert.StartsWith("pcap,src,sport,dst,dport,proto,first_ts,label,p1_udp_len_0,p1_udp_len_1,", lines[0]);
        Assert.EndsWith(",p1_udp_len_15,p1_dir,p2_udp_len_0,p2_udp_len_1,p2_udp_len_2,p2_udp_len_3,p2_udp_len_4,"
            + "p2_udp_len_5,p2_udp_len_6,p2_udp_len_7,p2_udp_len_8,p2_udp_len_9,p2_udp_len_10,p2_udp_len_11,"
            + "p2_udp_len_12,p2_udp_len_13,p2_udp_len_14,p2_udp_len_15,p2_dir", lines[0]);
        Assert.StartsWith("a/one.pcap,192.168.0.1,50000,10.0.0.2,443,tcp,1700000000.123456000,zoom,-1,0,1,-1,",
            lines[1]);
        Assert.StartsWith("a/one.pcap,2001:db8::1,50001,2001:db8::2,444,icmp6,1700000000.123456001,dns,0,1,-1,",
            lines[2]);
        Assert.StartsWith("\"b/zwei, \"\"drei\"\" \u00fc\U0001F600.pcap\",192.168.0.3,50002,10.0.0.4,445,132,",
            lines[3]);
    }

    [Fact]
    public void Write_UnlabelledNumbers_ArePlainIntegers()
    {
        var lines = Lines(MatrixFixture.Numbers);

        Assert.DoesNotContain(",label,", lines[0]);
        Assert.EndsWith(",200034,200035", lines[3]);
    }

    /// <summary>A mean of a third is no whole number, in CSV as little as in the other formats.</summary>
    [Theory]
    [InlineData(139.66667f, "139.66667")]
    [InlineData(-1f, "-1")]
    [InlineData(0.25f, "0.25")]
    [InlineData(1.5e-5f, "1.5E-05")]
    [InlineData(16_777_215.5f, "16777216")]
    [InlineData(3e13f, "30000000532480")]
    public void Write_Value_IsReadBackAsItWas(float value, string text)
    {
        using var output = new MemoryStream();
        using var writer = new CsvMatrixWriter(output, MatrixFixture.Numbers);
        writer.Write(MatrixFixture.Rows[0], [value]);
        writer.Complete();

        Assert.EndsWith("," + text + "\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.Equal(value, float.Parse(text, CultureInfo.InvariantCulture));
    }

    static string[] Lines(MatrixLayout layout)
    {
        using var output = new MemoryStream();
        using var writer = new CsvMatrixWriter(output, layout);
        MatrixFixture.Write(writer, layout);
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
