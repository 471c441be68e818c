using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

public sealed partial class SyslogFramingTests
{
    const string Line = """
        {"timestamp":"2023-11-14T23:13:22.105025+0000","flow_id":1,"event_type":"prediction","label":"Zoom-é"}
        """;

    [Fact]
    public void Write_Record_IsAMessageOfRfc5424WithItsLength()
    {
        var written = Write("local5", "sensor 1\n", Line);

        var found = Message().Match(written);
        Assert.True(found.Success, written);
        Assert.Equal(Encoding.UTF8.GetByteCount(found.Groups["message"].Value),
            int.Parse(found.Groups["length"].Value));
        Assert.Equal(("174", "2023-11-14T23:13:22.105025+00:00", "sensor1", "prediction"),
            (found.Groups["priority"].Value, found.Groups["time"].Value, found.Groups["host"].Value,
                found.Groups["id"].Value));
        Assert.Equal("{\"record_id\":\"00000000000000ab-42\"," + Line[1..], found.Groups["json"].Value);
    }

    [Fact]
    public void Write_LineWithoutTimeAndEvent_HasNilValues() =>
        Assert.Contains($">1 - h serveflow {Environment.ProcessId} - - {{\"record_id\"",
            Write("user", "h", "{\"a\":1}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("kern", "<6>")]
    [InlineData("user", "<14>")]
    [InlineData("local7", "<190>")]
    public void Write_Facility_IsInThePriority(string facility, string priority) =>
        Assert.Contains(priority, Write(facility, "h", Line), StringComparison.Ordinal);

    [Fact]
    public void Create_NoFacility_NamesThem() => Assert.Contains("local7",
        Assert.Throws<InputException>(() => new SyslogFraming("local8")).Message, StringComparison.Ordinal);

    static string Write(string facility, string host, string line)
    {
        var output = new ArrayBufferWriter<byte>();
        new SyslogFraming(facility, host).Write(new SpooledRecord(0xab, 42, Encoding.UTF8.GetBytes(line)), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [GeneratedRegex(@"^(?<length>\d+) (?<message><(?<priority>\d+)>1 (?<time>\S+) (?<host>\S+) serveflow \d+ "
        + @"(?<id>\S+) - (?<json>\{.*\}))$")]
    private static partial Regex Message();
}
