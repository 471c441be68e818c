namespace ServeFlow.Training.Synthesis;

/// <summary>
/// The services that can be synthesised. Names and shares are chosen after the paper's service recognition task;
/// habits are drawn once, from a fixed seed, out of common values: none is measured from a real service.
/// </summary>
static class ServiceCatalog
{
    /// <summary>Specifies the habits' own seed, so that every set holds the same services, whatever its seed.</summary>
    const ulong HabitSeed = 24;

    /// <summary>Concentration of habits that the first packet shows; calibrated, see docs/synthetic-data.md.</summary>
    const double FirstPacket = 0.18;

    /// <summary>Specifies the share of the first packet's fields in which a service does as any other.</summary>
    const double FirstPacketCommon = 0.01;

    /// <summary>Concentration of habits that only later packets show.</summary>
    const double LaterPackets = 0.06;

    /// <summary>Specifies the common share of those.</summary>
    const double LaterCommon = 0.08;

    /// <summary>Lists windows of whole segments, as most stacks announce them; 0 leaves the stack's own.</summary>
    static readonly int[] Windows = [0, 0, 0, .. Enumerable.Range(10, 20).Select(segments => segments * 1460)];

    static readonly bool[] Either = [false, true];
    static readonly string[] OptionOrders =
    [
        "MSTNW", "MSTNW", "MNWNNTSEE", "MNWNNS", "MNWST", "MNNS", "MNWNNTNNS", "MNNTNNSNW",
    ];

    static readonly int[] ScaleShifts = [0, 1, 2, 3, 4];
    static readonly int[] SegmentSizes = [.. Enumerable.Range(0, 16).Select(tunnel => 1460 - (8 * tunnel))];
    static readonly byte[] TypesOfService = [0, 0, 0, 0x08, 0x20, 0x28, 0x48, 0x68, 0x80];
    static readonly byte[] MediaTypesOfService = [0, 0, 0x80, 0x88, 0xa0, 0xb8];
    static readonly int[] Distances = [.. Enumerable.Range(2, 18)];
    static readonly int[] ClientHellos = [208, 234, 326, 517, 517, 517, 563, 612, 694, 1320, 1786];
    static readonly int[] ServerFlights = [156, 1200, 2420, 2896, 3300, 3760, 4210, 5120];
    static readonly int[] Finisheds = [51, 64, 74, 80, 93, 126, 158];
    static readonly int[] Requests = [90, 140, 220, 350, 480, 620, 800, 1100, 1380];
    static readonly int[] Responses = [180, 420, 900, 1800, 3600, 8000, 16000, 40000];
    static readonly int[] Initials = [.. Enumerable.Range(0, 20).Select(step => 1200 + (8 * step))];
    static readonly int[] Datagrams = [1200, 1222, 1232, 1252, 1280, 1322, 1350, 1392, 1440];
    static readonly int[] Bindings = [.. Enumerable.Range(5, 24).Select(words => 4 * words)];
    static readonly int[] AudioFrames = [52, 61, 72, 87, 96, 118, 131, 172];
    static readonly int[] VideoPackets = [620, 780, 905, 1012, 1064, 1098, 1132, 1180];
    static readonly int[] Queries = [26, 29, 31, 34, 36, 39, 43, 48];

    public static readonly IReadOnlyList<ServiceProfile> All =
    [
        Service(0, "video-stream", 17.5, tls: 0.80, quic: 0.20, think: 12, gap: 350),
        Service(1, "meeting-a", 16.5, tls: 0.30, media: 0.70, think: 25, gap: 120),
        Service(2, "video-share", 11.5, tls: 0.25, quic: 0.75, think: 15, gap: 280),
        Service(3, "dns", 9, dns: 1, think: 4, gap: 20),
        Service(4, "web-shop", 7.5, tls: 0.92, quic: 0.08, think: 45, gap: 90),
        Service(5, "social-feed", 7.3, tls: 0.45, quic: 0.55, think: 30, gap: 150),
        Service(6, "meeting-b", 6.6, tls: 0.30, media: 0.70, think: 28, gap: 130),
        Service(7, "meeting-c", 6.5, quic: 0.20, media: 0.80, think: 18, gap: 110),
        Service(8, "microblog", 6.3, tls: 0.90, quic: 0.10, think: 38, gap: 200),
        Service(9, "live-stream", 5.8, tls: 0.85, quic: 0.15, think: 10, gap: 400),
        Service(10, "photo-share", 5.5, tls: 0.35, quic: 0.65, think: 26, gap: 170),
        Service(11, "music", 4.5, tls: 0.90, quic: 0.10, think: 20, gap: 500),
        Service(12, "messaging", 4, tls: 0.85, media: 0.15, think: 22, gap: 600),
        Service(13, "cloud-backup", 3, tls: 0.80, quic: 0.20, think: 60, gap: 60),
    ];

    static ServiceProfile Service(int number, string name, double share, double think, double gap,
        double tls = 0, double quic = 0, double dns = 0, double media = 0)
    {
        var dice = new SeededRandom(HabitSeed, (ulong)number);
        return new()
        {
            Name = name,
            Share = share,
            Kinds = new([FlowKind.Tls, FlowKind.Quic, FlowKind.Dns, FlowKind.Media], [tls, quic, dns, media]),
            Client = Client(dice, media > 0),
            Server = Server(dice, media > 0),
            Exchange = Exchange(dice, think, gap),
        };
    }

    static ClientHabits Client(SeededRandom dice, bool media) => new()
    {
        Stacks = WeightedChoice<TcpStack>.FromDirichlet(dice, TcpStack.Clients, FirstPacket, FirstPacketCommon),
        OptionOrders = WeightedChoice<string>.FromDirichlet(dice, OptionOrders, FirstPacket, FirstPacketCommon),
        Ecn = WeightedChoice<bool>.FromDirichlet(dice, Either, FirstPacket, FirstPacketCommon),
        Fragmenting = WeightedChoice<bool>.FromDirichlet(dice, Either, FirstPacket, FirstPacketCommon),
        Windows = WeightedChoice<int>.FromDirichlet(dice, Windows, FirstPacket, FirstPacketCommon),
        ScaleShifts = WeightedChoice<int>.FromDirichlet(dice, ScaleShifts, FirstPacket, FirstPacketCommon),
        SegmentSizes = WeightedChoice<int>.FromDirichlet(dice, SegmentSizes, FirstPacket, FirstPacketCommon),
        TypesOfService = WeightedChoice<byte>.FromDirichlet(dice, media ? MediaTypesOfService : TypesOfService,
            FirstPacket,
            FirstPacketCommon),
    };

    static ServerHabits Server(SeededRandom dice, bool media) => new()
    {
        Stacks = WeightedChoice<TcpStack>.FromDirichlet(dice, TcpStack.Servers, LaterPackets, LaterCommon),
        Windows = WeightedChoice<int>.FromDirichlet(dice, Windows, LaterPackets, LaterCommon),
        SegmentSizes = WeightedChoice<int>.FromDirichlet(dice, SegmentSizes, LaterPackets, LaterCommon),
        TypesOfService = WeightedChoice<byte>.FromDirichlet(dice, media ? MediaTypesOfService : TypesOfService,
            LaterPackets, LaterCommon),
        Distances = WeightedChoice<int>.FromDirichlet(dice, Distances, LaterPackets, LaterCommon),
    };

    static ExchangeHabits Exchange(SeededRandom dice, double think, double gap) => new()
    {
        ClientHellos = WeightedChoice<int>.FromDirichlet(dice, ClientHellos, LaterPackets, LaterCommon),
        ServerFlights = WeightedChoice<int>.FromDirichlet(dice, ServerFlights, LaterPackets, LaterCommon),
        Finisheds = WeightedChoice<int>.FromDirichlet(dice, Finisheds, LaterPackets, LaterCommon),
        Requests = WeightedChoice<int>.FromDirichlet(dice, Requests, LaterPackets, LaterCommon),
        Responses = WeightedChoice<int>.FromDirichlet(dice, Responses, LaterPackets, LaterCommon),
        Initials = WeightedChoice<int>.FromDirichlet(dice, Initials, FirstPacket, FirstPacketCommon),
        Datagrams = WeightedChoice<int>.FromDirichlet(dice, Datagrams, LaterPackets, LaterCommon),
        Bindings = WeightedChoice<int>.FromDirichlet(dice, Bindings, FirstPacket, FirstPacketCommon),
        AudioFrames = WeightedChoice<int>.FromDirichlet(dice, AudioFrames, LaterPackets, LaterCommon),
        VideoPackets = WeightedChoice<int>.FromDirichlet(dice, VideoPackets, LaterPackets, LaterCommon),
        Queries = WeightedChoice<int>.FromDirichlet(dice, Queries, FirstPacket, FirstPacketCommon),
        ThinkMilliseconds = think,
        GapMilliseconds = gap,
    };
}
