using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sources;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench link</c>: the time from a packet's arrival at an interface to its written record.</summary>
static class BenchLinkCommand
{
    const string Help = """
        Measures the time from the kernel's time stamp of a packet to the written record of the answer, on a real link:
        synthetic flows are sent out of one interface at a steady rate, and a sensor listens at the other end and writes
        EVE records to a temporary file. The first second is not timed. Takes root, and a link with nothing else on it,
        such as a veth pair. Sender, worker and output need a core each.

        Examples:
          ip link add sf0 type veth peer name sf1; ip link set sf0 up; ip link set sf1 up
          serveflow bench link bundle -i sf1 --send sf0
          serveflow bench link bundle -i sf1 --send sf0 --low-latency --rate 50000 --json
        """;

    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "A bundle written by 'train'" };
        var listened = new Option<string>("--interface", "-i")
        {
            Description = "The interface to listen on",
            HelpName = "IFACE",
            Required = true,
        };
        var sender = new Option<string>("--send")
        {
            Description = "The interface to send from; it must be the other end of the link",
            HelpName = "IFACE",
            Required = true,
        };
        var lowLatency = new Option<bool>("--low-latency") { Description = "Listen as 'serve --low-latency' does" };
        var rate = NumberOptions.Create("--rate", "FLOWS/S", "New flows per second", 1, 1e6, 50_000);
        var packets = NumberOptions.Create("--packets-per-flow", "M", "Packets per flow", 1, 1000, 1);
        var seconds = NumberOptions.Create("--seconds", "S", "Seconds that are timed", 0.1, 600.0, 5);
        var workers = NumberOptions.CreateThreads("--workers",
            "Worker threads; the flows are divided among them", 1);
        var (seed, json) = (NumberOptions.CreateSeed(), OutputOptions.Json());
        var command = new Command("link", Help)
        {
            bundle, listened, sender, lowLatency, rate, packets, seconds, workers, seed, json,
        };
        command.SetRun((parsed, cancel) =>
        {
            var plan = Bundle.Load(parsed.GetRequiredValue(bundle), ServedFormats.All).Plan;
            var options = new LiveOptions
            {
                Interfaces = [parsed.GetRequiredValue(listened)],
                Workers = parsed.GetValue(workers),
                LowLatency = parsed.GetValue(lowLatency),
                ClockNs = SensorSource.ClockNs,
            };
            var flows = parsed.GetValue(rate) * (parsed.GetValue(seconds) + LinkBench.Lead.TotalSeconds);
            var traffic = new SyntheticTraffic
            {
                Flows = (int)Math.Clamp(flows, 1, SyntheticTraffic.MaxFlows),
                PacketsPerFlow = parsed.GetValue(packets),
                Rate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            var result = new LinkBench(plan, options, parsed.GetRequiredValue(sender))
                .Run(traffic.Generate(null, cancel), cancel);
            Console.WriteLine(parsed.GetValue(json) ? DocumentJson.Format(result.ToDocument()) : result.ToText());
            return CommandRunner.Succeeded;
        });
        return command;
    }
}
