using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Tests.Serving;

namespace ServeFlow.Tests.Sinks;

/// <summary>A small capture with one flow of each kind, and what a format makes of it.</summary>
static class SampleRecords
{
    public static string Text(string format, SinkOptions? options = null) => Text(format, Plan, options ?? new());

    /// <summary>The same where both classes have this name.</summary>
    public static string TextOfLabel(string format, string label, SinkOptions? options = null) =>
        Text(format, TinyCascade.Plan([label, label], 1, 3), options ?? new());

    /// <summary>The same from a capture of another name.</summary>
    public static string TextOfCapture(string format, string capture, SinkOptions? options = null) =>
        Text(format, Plan, options ?? new(), capture);

    /// <summary>The same where only what begins like the sample's DNS flow is of a known class.</summary>
    public static string TextOfUnknown(string format) => Text(format, TinyCascade.PlanWithNovelty(
        [MemorySource.Opening(new MemorySource().Udp(50, 5353, TinyCascade.SureOdd))], 1, 3), new());

    public static CascadePlan Plan => TinyCascade.Plan(1, 3);

    public static void Write(IRecordSink sink) => Write(sink, Plan);

    static string Text(string format, CascadePlan plan, SinkOptions options, string capture = "sample.pcap")
    {
        using var stream = new MemoryStream();
        using (var sink = RecordFormat.CreateSink(format, stream, plan, options))
        {
            Write(sink, plan, capture);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    static void Write(IRecordSink sink, CascadePlan plan, string capture = "sample.pcap")
    {
        sink.BeginCapture(capture);
        var worker = new Worker(plan, new(), sink);
        worker.Run(Traffic());
        worker.Finish();
    }

    /// <summary>A TCP connection, DNS over UDP and IPv6, a ping, a VLAN tag, a GRE tunnel, another protocol.</summary>
    static MemorySource Traffic()
    {
        const byte syn = 0x02, synAck = 0x12, ack = 0x10, push = 0x18, fin = 0x11;
        var inner = Frame.Ipv4("192.168.0.1", "192.168.0.2", 17, Frame.Udp(5000, 5001, new byte[7]));
        return new MemorySource()
            .Tcp(0, 40000, syn).Tcp(10, 40000, synAck, forward: false).Tcp(20, 40000, ack)
            .Tcp(25.5, 40000, push).Tcp(30, 40000, fin).Tcp(35, 40000, fin, forward: false).Tcp(40, 40000, ack)
            .Udp(50, 5353, TinyCascade.SureOdd).Udp(51.25, 5353, TinyCascade.SureEven, forward: false)
            .Add(60, Frame.Ethernet(Frame.Ip6, Frame.Ipv6("2001:db8::1", "2001:db8:0:1::2", 17,
                Frame.Udp(1024, 53, new byte[6]))))
            .Add(70, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.7", "10.0.0.8", 1, Frame.Icmp(8, 0, new byte[8]))))
            .Add(71, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.8", "10.0.0.7", 1, Frame.Icmp(0, 0, new byte[8]))))
            .Add(75, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.9", "10.0.0.8", 1, Frame.Icmp(3, 1, new byte[8]))))
            .Add(80, Frame.Ethernet(0x8100, Frame.Vlan(42, Frame.Ip4,
                Frame.Ipv4("10.0.0.3", "10.0.0.4", 17, Frame.Udp(9, 9, new byte[6])))))
            .Add(90, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.9.0.1", "10.9.0.2", 47, [0, 0, 8, 0, .. inner])))
            .Add(95, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.5", "10.0.0.6", 253, new byte[16])));
    }
}
