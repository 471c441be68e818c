using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Terminal;
using ServeFlow.Flows;

namespace ServeFlow.Cli.Commands;

/// <summary>Represents the options that say when flows end, and how many of them there may be at a time.</summary>
sealed class FlowArguments
{
    const double MinSeconds = 0.001;

    /// <summary>A year lies beyond any flow.</summary>
    const double MaxSeconds = 366 * 86_400.0;

    readonly Option<double?> tcpIdle;
    readonly Option<double?> udpIdle;
    readonly Option<double?> active;
    readonly Option<double?> linger;

    readonly Option<int?> maxFlows = NumberOptions.CreateOptional("--max-flows", "N",
        "Flows tracked at a time, all workers together; beyond it the flows that were idle longest end "
        + "(lack_of_resources). Default: 1048576 for each worker", 1, FlowMemory.MaxFlows);

    readonly Option<long?> memory = SizeOptions.Create("--memory",
        "Memory for flows and the packets kept of them, all workers together, such as 512MiB or 2GiB; "
        + "lowers --max-flows");

    readonly Option<bool?> dedup;

    /// <param name="whose">Whose values hold where an option is not given, such as "that of the bundle"; null where
    /// there are no others than the defaults.</param>
    public FlowArguments(string? whose = null)
    {
        var rules = new FlowOptions();
        tcpIdle = Timeout("--tcp-idle-timeout", "Seconds without a packet after which a TCP flow ends",
            rules.TcpIdleTimeout, whose);
        udpIdle = Timeout("--udp-idle-timeout",
            "Seconds without a packet after which a flow of UDP or any other protocol ends",
            rules.UdpIdleTimeout, whose);
        active = Timeout("--active-timeout", "Seconds after which a flow ends and goes on as a new one",
            rules.ActiveTimeout, whose);
        linger = Timeout("--tcp-close-linger", "Seconds that a closed TCP connection keeps its flow for stray packets",
            rules.TcpCloseLinger, whose);
        dedup = Dedup(whose);
    }

    /// <summary>Creates the option that leaves copies of packets out.</summary>
    public static Option<bool?> Dedup(string? whose) => new("--dedup")
    {
        Description = "Leave out packets that the capture shows a second time (mirror ports of both directions, "
            + $"two VLANs, 'any' on a bridge). Otherwise they are counted. {Default(whose, "false")}",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ParseSwitch,
    };

    /// <summary>Gets all of them.</summary>
    public IReadOnlyList<Option> Options => [tcpIdle, udpIdle, active, linger, maxFlows, memory, dedup];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what was asked for.</summary>
    public FlowRequest Read(ParseResult parsed) => new()
    {
        TcpIdleTimeout = Seconds(parsed.GetValue(tcpIdle)),
        UdpIdleTimeout = Seconds(parsed.GetValue(udpIdle)),
        ActiveTimeout = Seconds(parsed.GetValue(active)),
        TcpCloseLinger = Seconds(parsed.GetValue(linger)),
        MaxFlows = parsed.GetValue(maxFlows),
        MemoryBytes = parsed.GetValue(memory),
        DropsDuplicates = parsed.GetValue(dedup),
    };

    static Option<double?> Timeout(string name, string description, TimeSpan value, string? whose) =>
        NumberOptions.CreateOptional(name, "SECONDS", $"{description}. {Default(whose, $"{value.TotalSeconds:0}")}",
            MinSeconds, MaxSeconds);

    static string Default(string? whose, string value) =>
        whose is null ? $"Default: {value}" : $"Default: {whose}, else {value}";

    static TimeSpan? Seconds(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    static bool? ParseSwitch(ArgumentResult result)
    {
        if (result.Tokens is not [var token])
        {
            return true;
        }

        if (bool.TryParse(token.Value, out var value))
        {
            return value;
        }

        result.AddError($"--dedup '{token.Value}': give true or false, or nothing");
        return null;
    }
}
