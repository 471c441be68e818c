using System.CommandLine;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench</c>: what this machine can do.</summary>
static class BenchCommand
{
    const string Help = """
        Measures this machine: the speed of models, the rate of the whole path, and the latency under load and on
        a link.

        Examples:
          serveflow bench model
          serveflow bench rate bundle
          serveflow bench rate bundle --packets-per-flow 10 --workers 2 --json
          serveflow bench latency bundle
          serveflow bench link bundle -i sf1 --send sf0 --low-latency
          serveflow bench costs -w costs.json
        """;

    public static Command Create() => new("bench", Help)
    {
        BenchModelCommand.Create(),
        BenchRateCommand.Create(),
        BenchLatencyCommand.Create(),
        BenchLinkCommand.Create(),
        BenchCostsCommand.Create(),
    };
}
