using ServeFlow.Packets;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// The place where one capture is taken: its clients, its distance from the Internet, its mixture of habits. Begins
/// the flows of that capture.
/// </summary>
sealed class Site
{
    /// <summary>Captures take the second byte of 10.0.0.0/8.</summary>
    public const int MaxNumber = 250;

    /// <summary>Fifteen times the ephemeral ports: beyond, five-tuples could repeat.</summary>
    public const int MaxFlows = 15 * EphemeralPorts;

    /// <summary>Linux's range, 32768-60999.</summary>
    const int EphemeralPorts = 28_232;

    const int FirstEphemeralPort = 32_768;

    /// <summary>Specifies the share of flows that another service's servers answer, as embedded content: no model can
    /// tell them.</summary>
    const double Embedded = 0.02;

    /// <summary>Specifies the share of flows that break off within nine packets.</summary>
    const double BrokenOff = 0.04;

    /// <summary>
    /// Specifies how much a site's shares of habits differ from the catalogue's: the standard deviation of their
    /// logarithm.
    /// </summary>
    const double Tilt = 0.35;

    /// <summary>14 November 2023; captures follow one another by the hour.</summary>
    public const long FirstMicroseconds = 1_700_000_000_000_000;

    /// <summary>RFC 3849: 2001:db8::/32 is for documentation.</summary>
    const ulong DocumentationPrefix = 0x2001_0db8_0000_0000;

    readonly SeededRandom dice;
    readonly int number;
    readonly ServiceProfile[] services;
    readonly WeightedChoice<int> shares;
    readonly double roundTrip;
    readonly int hops;
    readonly int moreDistance;
    readonly bool isDualStack;
    int begun;

    public Site(int number, int seed, IReadOnlyList<ServiceProfile> catalog)
    {
        dice = new((ulong)seed, (ulong)number);
        this.number = number;
        services = [.. catalog.Select(Tilted)];
        shares = new WeightedChoice<int>([.. Enumerable.Range(0, catalog.Count)],
            [.. catalog.Select(service => service.Share)])
            .Perturbed(dice, Tilt);
        roundTrip = 3 + dice.Exponential(12);
        hops = dice.Below(2);
        moreDistance = dice.Below(4);
        isDualStack = number % 3 == 1;
        Begin = FirstMicroseconds + (number * 3_600_000_000L);
    }

    /// <summary>Gets the time at which the capture begins, µs since the Unix epoch.</summary>
    public long Begin { get; }

    /// <summary>Draws the time until the next flow begins, µs: arrivals are a Poisson process.</summary>
    public double NextGap(double rate) => dice.Exponential(1e6 / rate);

    /// <summary>Begins a flow of a service drawn by its share; returns the service's place in the catalogue
    /// too.</summary>
    public (Conversation Flow, int Service) BeginFlow(long microseconds)
    {
        var labelled = shares.Draw(dice);
        var acting = dice.Chance(Embedded) ? dice.Below(services.Length) : labelled;
        var service = services[acting];
        var kind = service.Kinds.Draw(dice);
        var isIpv4 = !isDualStack || !dice.Chance(0.2);
        var client = Client(service, isIpv4);
        var server = Server(service, acting, kind, isIpv4);
        var script = new Script(dice.Chance(BrokenOff) ? dice.Between(1, 9) : dice.Between(11, 28));
        Play(script, kind, service.Exchange, client, server);
        return (new Conversation
        {
            Kind = kind,
            Client = client,
            Server = server,
            Steps = script.Steps,
            StartMicroseconds = microseconds,
        }, labelled);
    }

    void Play(Script script, FlowKind kind, ExchangeHabits habits, Party client, Party server)
    {
        var trip = (roundTrip + (client.Stack.AckEvery * 0.2)) * (0.9 + (0.3 * dice.Uniform()))
            + (2 * Math.Abs(server.Stack.Ttl - server.Ttl));
        switch (kind)
        {
            case FlowKind.Tls:
                // Less the timestamps, where both sides have them.
                var segment = Math.Min(client.SegmentSize, server.SegmentSize)
                    - (client.Options.Contains('T') && server.Options.Contains('T') ? 12 : 0);
                TlsScript.Write(script, habits, client, server, trip, segment, dice);
                break;
            case FlowKind.Quic:
                DatagramScript.Quic(script, habits, trip, dice);
                break;
            case FlowKind.Dns:
                DatagramScript.Dns(script, habits, trip, dice);
                break;
            default:
                DatagramScript.Media(script, habits, trip, dice);
                break;
        }
    }

    Party Client(ServiceProfile service, bool isIpv4)
    {
        var habits = service.Client;
        var stack = habits.Stacks.Draw(dice);
        var kind = Array.IndexOf(TcpStack.Clients, stack);
        var host = 1 + dice.Below(24);
        // Ports run out after that many flows; the next ones come from another network.
        var network = (kind * 16) + (begun / EphemeralPorts);
        var window = habits.Windows.Draw(dice);
        return new()
        {
            Address = isIpv4
                ? IpAddress.FromIpv4((10u << 24) | (uint)(number << 16) | (uint)(network << 8) | (uint)host)
                : new(DocumentationPrefix | (uint)number, (ulong)((network << 8) | host)),
            Port = (ushort)(FirstEphemeralPort + (begun++ % EphemeralPorts)),
            Stack = stack,
            Options = habits.OptionOrders.Draw(dice),
            AsksForEcn = habits.Ecn.Draw(dice),
            MayFragment = habits.Fragmenting.Draw(dice),
            Window = window == 0 ? stack.Window : window,
            WindowScale = Math.Min(14, stack.WindowScale + habits.ScaleShifts.Draw(dice)),
            SegmentSize = habits.SegmentSizes.Draw(dice) - (isIpv4 ? 0 : 20),
            TypeOfService = habits.TypesOfService.Draw(dice),
            Ttl = (byte)(stack.Ttl - hops - (host & 1)),
            Sequence = (uint)dice.Next(),
            IpId = (ushort)dice.Next(),
            ClockBase = (uint)dice.Next(),
        };
    }

    Party Server(ServiceProfile service, int place, FlowKind kind, bool isIpv4)
    {
        var habits = service.Server;
        var stack = habits.Stacks.Draw(dice);
        var host = (uint)((Array.IndexOf(TcpStack.Servers, stack) * 8) + dice.Below(8) + 1);
        var window = habits.Windows.Draw(dice);
        return new()
        {
            // RFC 2544: 198.18.0.0/15 is for benchmarks.
            Address = isIpv4
                ? IpAddress.FromIpv4((198u << 24) | (18u << 16) | ((uint)place << 8) | host)
                : new(DocumentationPrefix | 0xffff, ((ulong)place << 8) | host),
            Port = kind switch { FlowKind.Dns => 53, FlowKind.Media => (ushort)(3478 + place), _ => 443 },
            Stack = stack,
            Options = stack.Options,
            AsksForEcn = stack.WindowScale > 0,
            MayFragment = stack.Ttl != 64,
            Window = window == 0 ? stack.Window : window,
            WindowScale = stack.WindowScale,
            SegmentSize = habits.SegmentSizes.Draw(dice) - (isIpv4 ? 0 : 20),
            TypeOfService = habits.TypesOfService.Draw(dice),
            Ttl = (byte)(stack.Ttl - habits.Distances.Draw(dice) - moreDistance),
            Sequence = (uint)dice.Next(),
            IpId = (ushort)dice.Next(),
            ClockBase = (uint)dice.Next(),
        };
    }

    ServiceProfile Tilted(ServiceProfile service) => service with
    {
        Kinds = service.Kinds.Perturbed(dice, Tilt / 2),
        Client = service.Client with
        {
            Stacks = service.Client.Stacks.Perturbed(dice, Tilt),
            Windows = service.Client.Windows.Perturbed(dice, Tilt),
            SegmentSizes = service.Client.SegmentSizes.Perturbed(dice, Tilt),
            TypesOfService = service.Client.TypesOfService.Perturbed(dice, Tilt),
        },
        Server = service.Server with { Stacks = service.Server.Stacks.Perturbed(dice, Tilt) },
    };
}
