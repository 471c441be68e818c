using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench latency</c>: how long flows wait for their answers under load.</summary>
static class BenchLatencyCommand
{
    const string Help = """
        Measures the time from the moment a flow's first packet is due to its answer, at each offered rate of new flows.
        Packets come at the pace of their own timestamps whether the workers keep up or not, so a stall delays every
        flow behind it. By default the rates are a quarter, a half, three quarters and nine tenths of the rate that
        'bench rate' finds. Beside the latencies stand what disturbed them: the time that a worker was ready to run and
        had no core, and that of garbage collections. 'bench link' measures the same on a link. Other programs do not
        tell when a flow was answered: the commands at the end compare the times of whole runs.

        Examples:
          serveflow bench latency bundle
          serveflow bench latency bundle --offered 20000,50000,100000 --packets-per-flow 10 --json
        """;

    /// <summary>
    /// Lists the default loads as shares of the peak: where latency is flat, at the figure of merit, and where it
    /// rises.
    /// </summary>
    static readonly double[] Loads = [0.25, 0.5, 0.75, 0.9];

    /// <summary>Enough flows for the peak to be found, few enough to be quick.</summary>
    const int PeakFlows = 100_000;

    public static Command Create()
    {
        var bundle = new Argument<string>("BUNDLE") { Description = "A bundle written by 'train'" };
        var offered = new Option<double[]?>("--offered")
        {
            Description = "Rates of new flows per second, separated by commas",
            HelpName = "LIST",
            CustomParser = ParseRates,
        };
        var packets = NumberOptions.Create("--packets-per-flow", "M", "Packets per flow", 1, 1000, 10);
        var seconds = NumberOptions.Create("--seconds", "S", "Seconds that flows arrive at each rate", 0.1, 3600.0, 3);
        var workers = NumberOptions.CreateThreads("--workers",
            "Worker threads; the flows are divided among them", 1);
        var (seed, json) = (NumberOptions.CreateSeed(), OutputOptions.Json());
        var command = new Command("latency", Help) { bundle, offered, packets, seconds, workers, seed, json };
        command.SetRun((parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(bundle);
            var plan = Bundle.Load(path, ServedFormats.All).Plan;
            var traffic = new SyntheticTraffic
            {
                Flows = PeakFlows,
                PacketsPerFlow = parsed.GetValue(packets),
                Rate = PeakFlows,
                Seed = parsed.GetValue(seed),
            };
            var count = parsed.GetValue(workers);
            var sweep = new LatencySweep(plan, traffic, parsed.GetValue(seconds), count);
            // A list that is not given comes as an empty one.
            var rates = parsed.GetValue(offered) is { Length: > 0 } given ? given : ShareOfPeak(sweep, cancel);
            var results = sweep.Run(rates, cancel);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(DocumentJson.Format(LatencySweep.ToRun(results, count)));
            }
            else
            {
                Print(results);
                Console.WriteLine(PeerCommands.Describe(path, traffic));
            }

            return CommandRunner.Succeeded;
        });
        return command;
    }

    static void Print(IEnumerable<LatencyResult> results)
    {
        Console.WriteLine(LatencyResult.Heading);
        foreach (var result in results)
        {
            Console.WriteLine(result.ToText());
        }
    }

    static double[] ShareOfPeak(LatencySweep sweep, CancellationToken cancel)
    {
        Notes.Write("finding the peak rate");
        var peak = sweep.FindPeak(cancel);
        Notes.Write($"peak: {peak:N0} new flows/s");
        return [.. Loads.Select(load => Math.Round(peak * load))];
    }

    static double[]? ParseRates(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        var words = text.Split(',');
        var rates = words.Select(word =>
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0).ToArray();
        if (rates.All(rate => rate is >= 1 and <= 1e8))
        {
            return rates;
        }

        result.AddError($"--offered '{text}': give rates from 1 to 100000000, separated by commas");
        return null;
    }
}
