using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Units;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Holds the first packets of captured flows: rows as unevenly distributed as traffic is.</summary>
sealed class CapturedHeaders : IUnitReceiver
{
    readonly int maxFlows;
    readonly List<HeaderRecord[]> flows = [];

    CapturedHeaders(int most) => this.maxFlows = most;

    /// <param name="path">A capture, or a directory of them.</param>
    /// <param name="expansion">What compressed captures may expand to; null for the usual.</param>
    /// <param name="most">The largest number of flows to take.</param>
    /// <param name="depth">Packets that are taken of each.</param>
    /// <returns>A flow's packets each, at least one; flows in the order in which they were complete.</returns>
    /// <exception cref="InputException">There is no flow.</exception>
    public static IReadOnlyList<HeaderRecord[]> Read(string path, ExpansionLimit? expansion, int most, int depth,
        CancellationToken cancel)
    {
        var headers = new CapturedHeaders(most);
        var collector = new UnitCollector(new(depth, CollectionRule.DefaultWaitLimit, default), new(), headers);
        foreach (var capture in CaptureSet.Find(path, expansion, cancel).Captures)
        {
            using var source = new CaptureSequence([capture]);
            headers.Read(source, collector, cancel);
            _ = capture.IsFound ? source.Latest : source.Latest.ThrowIfNotOpened();
        }

        return headers.flows.Count > 0
            ? headers.flows
            : throw new InputException($"{path}: no flow in these captures; give captures that hold IP packets");
    }

    public bool Begin(ref Flow flow, in PacketSlot first) => flows.Count < maxFlows;

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
        if (flows.Count < maxFlows)
        {
            flows.Add(packets.ToArray());
        }
    }

    public void End(in Flow flow, long endNs)
    {
    }

    public void Finish(long fromNs, long toNs)
    {
    }

    void Read(CaptureSequence source, UnitCollector collector, CancellationToken cancel)
    {
        var burst = new PacketBurst();
        while (flows.Count < maxFlows && source.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            collector.Take(burst);
        }

        collector.Finish();
    }
}
