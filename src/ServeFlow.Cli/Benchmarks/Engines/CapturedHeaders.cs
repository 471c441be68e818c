using ServeFlow.Cli.Matrices;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>The first packets of captured flows: rows as unevenly distributed as traffic is.</summary>
sealed class CapturedHeaders : IFlowReceiver
{
    readonly int maxFlows;
    readonly List<HeaderRecord[]> flows = [];

    CapturedHeaders(int most) => this.maxFlows = most;

    public long Rows => flows.Count;

    /// <param name="path">A capture, or a directory of them.</param>
    /// <param name="most">Flows that are taken at the most.</param>
    /// <param name="depth">Packets that are taken of each.</param>
    /// <returns>A flow's packets each, at least one; flows in the order in which they were complete.</returns>
    /// <exception cref="InputException">There is no flow.</exception>
    public static IReadOnlyList<HeaderRecord[]> Read(string path, int most, int depth, CancellationToken cancel)
    {
        var headers = new CapturedHeaders(most);
        foreach (var capture in CaptureSet.Find(path).Captures)
        {
            using var file = CaptureFile.Open(capture.Path);
            headers.Read(file, new(depth, default, headers), cancel);
        }

        return headers.flows.Count > 0
            ? headers.flows
            : throw new InputException($"{path}: no flow in these captures; give captures that hold IP packets");
    }

    public void BeginCapture(int place, string name)
    {
    }

    public bool Begin(ref Flow flow) => flows.Count < maxFlows;

    public void Receive(in Flow flow, in GatheredUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
        if (flows.Count < maxFlows)
        {
            flows.Add(packets.ToArray());
        }
    }

    public void EndCapture(long fromNs, long toNs)
    {
    }

    void Read(CaptureFile file, FlowGatherer gatherer, CancellationToken cancel)
    {
        var (burst, ignored) = (new PacketBurst(), new Tally<IgnoreReason>());
        while (flows.Count < maxFlows && file.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (ref readonly var packet in burst.Packets)
            {
                if (PacketDecoder.TryDecode(packet, out var headers, ignored))
                {
                    gatherer.Add(packet, headers);
                }
            }
        }

        gatherer.End();
    }
}
