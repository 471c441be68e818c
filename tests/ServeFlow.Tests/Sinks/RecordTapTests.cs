using System.Text;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Sinks;

public sealed class RecordTapTests
{
    [Fact]
    public void Read_EverythingOfAnEnd_IsWhatTheEveOutputHas()
    {
        var (tap, end) = Create();
        using var live = LiveRecords.Follow(tap, null, SampleRecords.Plan, new());

        SampleRecords.Write(end);

        Assert.Equal(SampleRecords.Text(RecordFormat.Eve), Text(live));
        Assert.Empty(live.Read());
        Assert.Equal(0, live.Missed);
    }

    [Fact]
    public void Read_SlowReader_MissesAloneAndKnowsHowMany()
    {
        var (tap, end) = Create();
        using var slow = tap.Subscribe((in _) => true, 8);
        using var ample = tap.Subscribe((in _) => true, 1024);
        for (var i = 0; i < 100; i++)
        {
            end.Write(new() { Kind = RecordKind.Prediction });
        }

        var (fromSlow, fromAmple) = (new RecordLog(), new RecordLog());
        Assert.Equal((8, 92), (slow.Drain(fromSlow, 1000), slow.Missed));
        Assert.Equal((100, 0), (ample.Drain(fromAmple, 1000), ample.Missed));
    }

    [Fact]
    public void Subscribe_ReadersBeyondTheMost_AreRefusedUntilOneLeaves()
    {
        var (tap, end) = Create();
        var readers = Enumerable.Range(0, RecordTap.MaxReaders)
            .Select(_ => tap.Subscribe((in _) => true, 2)).ToList();

        Assert.Throws<InputException>(() => tap.Subscribe((in _) => true, 2));
        readers[0].Dispose();
        readers[0].Dispose();
        readers[0] = tap.Subscribe((in _) => true, 2);
        Assert.Throws<InputException>(() => tap.Subscribe((in _) => true, 2));
        readers.ForEach(reader => reader.Dispose());
        end.Write(new() { Kind = RecordKind.End });
        Assert.Equal(0, readers[0].Drain(new RecordLog(), 10));
    }

    [Theory]
    [InlineData("", 16)]
    [InlineData("proto=udp,event=flow", 4)]
    [InlineData("proto=tcp", 2)]
    [InlineData("proto!=tcp,event=prediction", 7)]
    [InlineData("port=53", 4)]
    [InlineData("port=5353,port=53", 2)]
    [InlineData("port<10", 2)]
    [InlineData("address=2001:db8::1", 2)]
    [InlineData("address=2001:db8::/32", 2)]
    [InlineData("address=0.0.0.0/0,proto=icmp", 4)]
    [InlineData("address=10.0.0.8/31", 4)]
    [InlineData("address=10.0.0.6/31", 4)]
    [InlineData("address=2001:db8:0:1::3/127", 2)]
    [InlineData("address=2001:db8:0:1::2", 2)]
    [InlineData("port!=8", 16)]
    [InlineData("label=even,confidence>=0.5", 12)]
    [InlineData("community_id,ICMP,\"event_type\":\"flow\"", 2)]
    [InlineData("text=nothing-of-that-kind", 0)]
    public void Follow_Filter_GivesTheRecordsThatMeetAllOfIt(string filter, int count)
    {
        var (tap, end) = Create();
        using var live = LiveRecords.Follow(tap, filter, SampleRecords.Plan, new());

        SampleRecords.Write(end);

        Assert.Equal(count, live.Read().Count);
    }

    [Theory]
    [InlineData("label=nothing")]
    [InlineData("confidence<much")]
    [InlineData("port=65536")]
    [InlineData("port=x")]
    [InlineData("address=10.0.0")]
    [InlineData("address=10.0.0.0/33")]
    [InlineData("address=::/129")]
    [InlineData("address<10.0.0.1")]
    [InlineData("proto=nonsense")]
    [InlineData("event=birth")]
    [InlineData("colour=red")]
    [InlineData("a!b")]
    public void Parse_WhatIsNoFilter_IsRefused(string filter) =>
        Assert.NotEmpty(Assert.Throws<InputException>(() => RecordFilter.Parse(filter, SampleRecords.Plan)).Message);

    static (RecordTap Tap, IRecordSink End) Create()
    {
        var tap = new RecordTap();
        return (tap, tap.CreateEnd());
    }

    static string Text(LiveRecords live) =>
        string.Concat(live.Read().Select(line => Encoding.UTF8.GetString(line.Span) + "\n"));
}
