using System.CommandLine;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench rate</c>: new flows a second through the whole path, packets from memory.</summary>
static class BenchRateCommand
{
    /// <summary>Specifies the rate of the paper's server, in new flows a second (its section 5).</summary>
    const double PaperRate = 48_500;

    const string Help = """
        Measures new flows per second from packets in memory to records: decoding, flow table, features, models, sinks.
        The packets are synthetic, and every flow has the same number of packets.

        Examples:
          serveflow bench rate bundle
          serveflow bench rate bundle --packets-per-flow 10 --workers 2
          serveflow bench rate bundle --sink eve --json
        """;

    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "A bundle written by 'train'" };
        var flows = NumberOptions.Create("--flows", "N", "Flows per round", 1, SyntheticTraffic.MaxFlows, 200_000);
        var packets = NumberOptions.Create("--packets-per-flow", "M", "Packets per flow", 1, 1000, 1);
        var workers = NumberOptions.CreateThreads("--workers",
            "Worker threads; the flows are divided among them", 1);
        var rate = NumberOptions.Create("--rate", "FLOWS/S",
            "New flows per second of capture time; it determines how many flows are open at once", 1, 1e7, PaperRate);
        var sink = new Option<string>("--sink")
        {
            Description = "Where records go: nowhere, or to a file as EVE",
            HelpName = "null|eve",
            DefaultValueFactory = _ => "null",
        };
        sink.AcceptOnlyFromAmong("null", RecordFormat.Eve);
        var (seed, json) = (NumberOptions.CreateSeed(), OutputOptions.Json());
        var command = new Command("rate", Help) { bundle, flows, packets, workers, rate, sink, seed, json };
        command.SetRun((parsed, cancel) =>
        {
            var traffic = new SyntheticTraffic
            {
                Flows = parsed.GetValue(flows),
                PacketsPerFlow = parsed.GetValue(packets),
                Rate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            var path = parsed.GetRequiredValue(bundle);
            var plan = Bundle.Load(path, ServedFormats.All).Plan;
            var name = parsed.GetRequiredValue(sink);
            var result = Measure(plan, traffic, parsed.GetValue(workers), name, cancel);
            Console.WriteLine(parsed.GetValue(json)
                ? DocumentJson.Format(result.ToDocument(name))
                : result.ToText(name) + PeerCommands.Describe(path, traffic));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static RateResult Measure(CascadePlan plan, SyntheticTraffic traffic, int workers, string sink,
        CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var shares = BenchShares.Synthesise(traffic, workers,
            line.Adapt<double>(done => (done / 2, "synthesising packets")), cancel);
        using var output = new BenchOutput();
        return new RateBench(plan, shares, () => sink == RecordFormat.Eve ? output.Create(plan) : new NullSink())
            .Run(line.Adapt<double>(done => (0.5 + (done / 2), "measuring")), cancel);
    }
}
