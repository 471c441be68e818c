using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Writes the commands by which a user compares <c>classify</c> with other programs that read captures: the same file,
/// one thread each, whole processes.
/// </summary>
static class PeerCommands
{
    const string Capture = "peers/captures/site-001.pcap";

    /// <param name="bundle">The bundle that was measured, as it was given.</param>
    /// <param name="traffic">Gives the flows of the capture, and their packets.</param>
    public static string Describe(string bundle, SyntheticTraffic traffic)
    {
        var (flows, packets) = (traffic.Flows, traffic.PacketsPerFlow);
        var capture = $"serveflow synth --out peers --captures 1 --flows {flows} --packets-per-flow {packets}";
        return $"""


        To compare with other programs on this machine (one thread each, whole frames, the time of the process):
          {capture} --rate 48500 --whole-frames
          time serveflow classify {bundle} -r {Capture} --json      # a class for each flow
          time ndpiReader -q -n 1 -i {Capture}     # a protocol for each flow
          time softflowd -d -r {Capture} -n 127.0.0.1:9 -m {flows}   # counts only, sent to nobody
        """;
    }
}
