using System.Text;
using System.Text.Json;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

/// <summary>Which interface a flow came in by, from the packet to the record.</summary>
public sealed class InterfaceTests
{
    static readonly SinkOptions Options = new() { Interfaces = ["eth0", "eth1"] };

    [Fact]
    public void Eve_SecondInterface_IsNamedInBothEvents() => Assert.All(
        Text(RecordFormat.Eve, 1, Options).TrimEnd('\n').Split('\n'),
        line => Assert.Equal("eth1", JsonDocument.Parse(line).RootElement.GetProperty("in_iface").GetString()));

    [Fact]
    public void Eve_FromFiles_HasNoInterface() =>
        Assert.DoesNotContain("in_iface", Text(RecordFormat.Eve, 1, new()), StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Csv_Live_HasAColumnForIt(bool nfstream)
    {
        var rows = Text(RecordFormat.Csv, 0, Options with { NFStreamNames = nfstream })
            .TrimEnd('\n').Split('\n').Select(line => line.Split(',')).ToList();

        Assert.Equal("eth0", rows[1][Array.IndexOf(rows[0], "in_iface")]);
        Assert.Equal(rows[0].Length, rows[1].Length);
    }

    [Fact]
    public void Flow_InterfaceBeyondAByte_IsTheLast()
    {
        var log = RecordLog.Run(TinyCascade.Plan(1), Traffic(1000)).Log;

        Assert.All(log.Records, record => Assert.Equal(255, record.Flow.Interface));
    }

    static MemorySource Traffic(int number) =>
        new MemorySource { Interface = number }.Udp(0, 1000, TinyCascade.SureEven);

    static string Text(string format, int number, SinkOptions options)
    {
        using var stream = new MemoryStream();
        var plan = TinyCascade.Plan(1);
        using (var sink = RecordFormat.CreateSink(format, stream, plan, options))
        {
            var worker = new Worker(plan, new(), sink);
            worker.Run(Traffic(number), TestContext.Current.CancellationToken);
            worker.Finish();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
