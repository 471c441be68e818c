using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Sinks;

/// <summary>What each format has of a flow of two windows, the first odd, the second even.</summary>
public sealed class WindowRowTests
{
    static readonly CascadePlan Plan = Windows(TimeSpan.FromSeconds(1), 1);

    [Fact]
    public void Csv_OfWindows_HasARowForEach()
    {
        var lines = Write(stream => new CsvSink(stream, Plan, new()));
        var header = lines[0].Split(',');
        var rows = lines[1..]
            .Select(line => header.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second))
            .ToList();

        Assert.Equal(["odd", "even"], rows.Select(row => row["serveflow_label"]));
        Assert.Equal(["0", "2"], rows.Select(row => row["serveflow_window_number"]));
        Assert.Equal(["1", "3"], rows.Select(row => row["flow_pkts_toserver"]));
        Assert.All(rows, row => Assert.Equal("", row["flow_reason"]));
        Assert.Equal(rows[0]["flow_start"], rows[0]["serveflow_window_start"]);
    }

    [Fact]
    public void Csv_NFStreamNames_HasNoEndOfAWindowsFlow()
    {
        var lines = Write(stream => new CsvSink(stream, Plan, new() { NFStreamNames = true }));
        Assert.EndsWith(",serveflow_window_number,serveflow_window_start", lines[0], StringComparison.Ordinal);
        Assert.Equal("", lines[1].Split(',')[1]);
    }

    [Fact]
    public void Zeek_OfWindows_HasALineForTheFlowWithItsLastAnswer()
    {
        var line = Assert.Single(Write(stream => new ZeekSink(stream, Plan, new())), line => line[0] != '#');
        Assert.Equal("even", line.Split('\t')[^4]);
    }

    [Fact]
    public void Eve_OfWindows_SaysWhichWindowAnAnswerIsFor()
    {
        var lines = Write(stream => new EveSink(stream, Plan, new()));
        Assert.Contains("\"window\":{\"number\":0,\"start\":\"2018-03-06T02:30:22.105025+0000\"}", lines[0],
            StringComparison.Ordinal);
        Assert.Contains("\"window\":{\"number\":2,\"start\":\"2018-03-06T02:30:24.105025+0000\"}", lines[1],
            StringComparison.Ordinal);
        Assert.Contains("\"event_type\":\"flow\"", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    static string[] Write(Func<Stream, IRecordSink> create)
    {
        using var stream = new MemoryStream();
        using (var sink = create(stream))
        {
            var worker = new Worker(Plan, new(), sink);
            worker.Run(new MemorySource().Udp(0, 1000, SureOdd).Udp(900, 1000, SureOdd).Udp(2500, 1000, SureEven),
                TestContext.Current.CancellationToken);
            worker.Finish();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
