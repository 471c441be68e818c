using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Training.Tests.Datasets;

/// <summary>A folder of small captures, made on the spot and removed at the end of the test.</summary>
sealed class CaptureFolder : IDisposable
{
    public const long Start = 1_700_000_000;

    public string Path { get; } = Directory.CreateTempSubdirectory("serveflow-").FullName;

    /// <summary>Writes a capture of UDP packets; the host numbers are the last bytes of 10.0.0.x.</summary>
    /// <param name="packets">Seconds after <see cref="Start"/>, sender, its port, receiver, its port.</param>
    public void Capture(string name, params (double At, byte From, ushort Sport, byte To, ushort Dport)[] packets)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var writer = new CaptureWriter(path);
        var frames = new FrameWriter(new(1));
        foreach (var (at, from, sport, to, dport) in packets)
        {
            var flow = new Conversation
            {
                Kind = FlowKind.Quic,
                Client = Host(from, sport),
                Server = Host(to, dport),
                Steps = [new(0, false, 20, TcpFlag.None, Content.None)],
                StartMicroseconds = (Start * 1_000_000) + (long)Math.Round(at * 1e6),
            };
            frames.Write(flow, flow.Steps[0]);
            writer.Write(flow.StartMicroseconds, frames);
        }
    }

    public LabelledData Build(string rows, string header = "pcap,src,sport,dst,dport,proto,label,first_ts",
        string below = "", int minClasses = 1)
    {
        File.WriteAllText(Labels, $"{header}\n{rows}\n");
        return BuildFrom(Labels, below, minClasses);
    }

    /// <summary>The same with windows of flows as units.</summary>
    /// <param name="wholeBytes">The room for the headers of whole windows; null keeps three packets of each.</param>
    public LabelledData BuildWindows(string rows, TimeSpan window, int? most = null, long? wholeBytes = null)
    {
        File.WriteAllText(Labels, $"pcap,src,sport,dst,dport,proto,label\n{rows}\n");
        return DataSetBuilder.Build(new()
        {
            Path = Path,
            Labels = Labels,
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            MinClasses = 1,
            Depth = 3,
            Window = window,
            MaxWindows = most,
            KeepsWholeWindows = wholeBytes is not null,
            MaxWholeWindowBytes = wholeBytes ?? 0,
        });
    }

    public LabelledData BuildFrom(string? labels, string below = "", int minClasses = 1,
        TimeSpan shift = default, bool join = false) =>
        DataSetBuilder.Build(new()
        {
            Path = $"{Path}/{below}",
            Labels = labels,
            LabelShift = shift,
            JoinsCaptures = join,
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            MinClasses = minClasses,
        });

    public string Labels => System.IO.Path.Combine(Path, "labels.csv");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Makes a side of a conversation.</summary>
    /// <param name="number">The last byte of its address.</param>
    internal static Party Host(byte number, ushort port, int windowScale = 0, uint sequence = 0) => new()
    {
        Address = IpAddress.FromIpv4(0x0a000000u + number),
        Port = port,
        Stack = TcpStack.Clients[0],
        Options = TcpStack.Clients[0].Options,
        Window = 65535,
        WindowScale = windowScale,
        SegmentSize = 1460,
        TypeOfService = 0,
        Ttl = 64,
        Sequence = sequence,
    };
}
