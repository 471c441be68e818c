using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>A sensor of a test bed, on a link that flows are sent over without a pause.</summary>
[UnsupportedOSPlatform("windows")]
sealed partial class BedSensor : IDisposable
{
    const int Burst = 10;

    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(40);

    readonly string folder;
    readonly CancellationTokenSource end = new();
    readonly Thread sending;
    readonly HttpClient client;
    readonly string name;
    Exception? failure;
    int runs;
    long sent;

    public BedSensor(string folder, BedNode hub, int number)
    {
        (this.folder, name) = (folder, $"s{number}");
        Node = new(folder, name, hub, 20 + number);
        var near = $"sf{Environment.ProcessId % 100_000}.{number}";
        Node.AddTap(near, "tap");
        client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(At($"{name}.sock")), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new("http://localhost"),
        };
        sending = new(() => SendToTheEnd(near));
    }

    public BedNode Node { get; }

    /// <summary>Gets the file of the records of the latest run.</summary>
    string Records => At($"{name}-{runs}.json");

    /// <summary>Starts the sensor; flows are sent from the first time on.</summary>
    public void Start(string cluster)
    {
        runs++;
        Node.Start($"$serveflow serve bundle -i tap --buffer 65536 --eve {Path.GetFileName(Records)} "
            + $"--http unix:{name}.sock {cluster} udp");
        Node.AwaitSaid("answering HTTP on");
        if (!sending.IsAlive)
        {
            sending.Start();
        }
    }

    /// <summary>Waits until some more flows have one of the outcomes.</summary>
    public void AwaitMore(int flows, params IReadOnlyList<string> outcomes)
    {
        var before = Count(outcomes);
        ProgramProcess.Until(() => failure is not null || Count(outcomes) >= before + flows, BedNode.Patience);
        Assert.Null(failure);
    }

    /// <summary>Ends the traffic, and then the sensor; each flow that it saw has one answer and one outcome.</summary>
    public void StopAndCheck()
    {
        end.Cancel();
        sending.Join();
        Assert.Null(failure);
        var (captured, dropped) = (Read("serveflow_packets_received_total"), Read("serveflow_packets_dropped_total"));
        var said = Node.Stop();
        var outcomes = Outcomes().Match(said);
        Assert.True(outcomes.Success, said);
        var counted = outcomes.Groups.Values.Skip(1).Sum(group => long.Parse(group.Value.Replace(",", ""),
            CultureInfo.InvariantCulture));
        var answers = File.ReadLines(Records).Where(line => line.Contains("\"prediction\"", StringComparison.Ordinal))
            .Select(line => Identity().Match(line).Value).ToList();
        Assert.Equal(answers.Count, answers.Distinct().Count());
        Assert.Equal(answers.Count, counted);
        Assert.Equal(0, dropped);
        if (runs == 1)
        {
            Assert.Equal((sent, 2 * sent), (answers.Count, captured));
        }

        Assert.Equal(answers.Count - long.Parse(outcomes.Groups[1].Value.Replace(",", ""),
            CultureInfo.InvariantCulture), File.ReadLines(Records).Count(line =>
            line.Contains("\"prediction\"", StringComparison.Ordinal)
            && line.Contains("\"tier_unavailable\"", StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        end.Cancel();
        if (sending.IsAlive)
        {
            sending.Join();
        }

        client.Dispose();
        Node.Dispose();
    }

    long Count(IReadOnlyList<string> outcomes) => outcomes.Sum(outcome =>
        Read("serveflow_remote_tier_flows_total", $"outcome=\"{outcome}\""));

    long Read(string metric, string label = "") => client.GetStringAsync("/metrics", TestContext.Current
        .CancellationToken).GetAwaiter().GetResult().Split('\n')
        .Where(line => line.StartsWith(metric, StringComparison.Ordinal)
            && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => (long)double.Parse(Value().Match(line).Groups[1].Value, CultureInfo.InvariantCulture));

    /// <summary>Keeps what fails for the thread of the test: here it would end the process of all tests.</summary>
    void SendToTheEnd(string near)
    {
        try
        {
            Send(near);
        }
        catch (Exception e)
        {
            Volatile.Write(ref failure, e);
        }
    }

    /// <summary>Sends flows of two packets in small bursts, some hundred flows a second.</summary>
    void Send(string near)
    {
        using var sender = new LinkSender(near);
        while (!end.IsCancellationRequested)
        {
            var packets = new PacketMemory();
            for (var i = 0; i < Burst; i++)
            {
                var flow = (int)sent + i;
                var frame = Frame.Ethernet(Frame.Ip4, Frame.Ipv4($"10.{flow >> 22}.{(flow >> 14) & 255}.1", "10.0.0.2",
                    17, Frame.Udp(1024 + (flow & 16383), 53, [])));
                packets.Add(frame, frame.Length, 0, LinkType.Ethernet);
                packets.Add(frame, frame.Length, 0, LinkType.Ethernet);
            }

            sender.Send(packets, CancellationToken.None); // a burst is sent whole, so that no flow has one packet
            sent += Burst;
            end.Token.WaitHandle.WaitOne(pause);
        }
    }

    string At(string file) => Path.Combine(folder, file);

    [GeneratedRegex(
        @"remote tier slow: ([\d,]+) answered, ([\d,]+) late, ([\d,]+) lost, ([\d,]+) refused, ([\d,]+) no_")]
    private static partial Regex Outcomes();

    [GeneratedRegex("\"flow_id\":\\d+")]
    private static partial Regex Identity();

    [GeneratedRegex(@"\}? ([\d.eE+]+)(?: \d{13})?$")]
    private static partial Regex Value();
}
