using System.Globalization;
using ServeFlow.Flows;
using ServeFlow.Flows.CommunityIds;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Tables;
using ServeFlow.Units;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// Writes every flow of captures as a row of a labels file, without a label: the flows that training will see, in the
/// order in which they begin, capture after capture. Keeps the flows of one capture, or of all that are joined.
/// </summary>
public sealed class SkeletonWriter
{
    const long NsPerSecond = 1_000_000_000;

    const string Header =
        "pcap,src,sport,dst,dport,proto,first_ts,last_ts,packets,bytes,src_mac,dst_mac,community_id,label";

    readonly CaptureSet set;
    readonly FlowList flows = new();
    readonly UnitCollector collector;

    /// <param name="set">The captures to read, in their order.</param>
    /// <param name="options">The rules by which flows begin and end; those of serving and training.</param>
    public SkeletonWriter(CaptureSet set, FlowOptions options)
    {
        this.set = set;
        collector = new(new(depth: 1, CollectionRule.DefaultWaitLimit, default), options, flows);
    }

    /// <summary>Gets whether the captures are one link's: a flow is listed with the one that it begins in.</summary>
    public bool JoinsCaptures { get; init; }

    /// <summary>Reads the captures and writes their flows, to the end of the table.</summary>
    public SkeletonSummary Write(TextWriter output, IProgress<DataSetProgress>? progress, CancellationToken cancel)
    {
        var damaged = new List<string>();
        var files = new CaptureAccount(set.Skipped);
        var meter = new ReadMeter(set.Captures, DataSetProgress.ForReading(progress));
        output.Write($"{Header}\n");
        foreach (var outcome in JoinsCaptures ? ReadJoined(output, meter, cancel) : ReadEach(output, meter, cancel))
        {
            files.Add(outcome);
            if (outcome is { IsOpened: true, Problem: { } damage })
            {
                damaged.Add(damage);
            }
        }

        return new(files, damaged, collector.Traffic);
    }

    IEnumerable<CaptureOutcome> ReadEach(TextWriter output, ReadMeter meter, CancellationToken cancel)
    {
        foreach (var capture in set.Captures)
        {
            flows.Capture = capture.Name;
            yield return collector.Read(capture, meter, cancel);
            WriteAll(output);
        }
    }

    IReadOnlyList<CaptureOutcome> ReadJoined(TextWriter output, ReadMeter meter, CancellationToken cancel)
    {
        var outcomes = collector.ReadJoined(set.Captures, name => flows.Capture = name, meter, cancel);
        WriteAll(output);
        return outcomes;
    }

    void WriteAll(TextWriter output)
    {
        var isPiped = set.Captures is [{ Path: CaptureFile.StandardInput }];
        foreach (var row in flows.Rows)
        {
            Write(output, isPiped ? "" : CsvText.Quote(PrintableText.Escape(row.Capture), ','), row);
        }
    }

    static void Write(TextWriter output, string capture, in ListedFlow row)
    {
        var flow = row.Flow;
        var version = flow.Key.IpVersion;
        output.Write(string.Create(CultureInfo.InvariantCulture, $"{capture},{flow.Source.ToString(version)},"));
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{flow.SourcePort},{flow.Destination.ToString(version)},{flow.DestinationPort},"));
        output.Write($"{ProtocolName.Format(flow.Key.Protocol)},{Time(flow.FirstNs)},{Time(flow.LastNs)},");
        output.Write(string.Create(CultureInfo.InvariantCulture,
            $"{(long)flow.PacketsForward + flow.PacketsBackward},{flow.BytesForward + flow.BytesBackward},"));
        output.Write($"{row.SourceMac},{row.DestinationMac},{CommunityId.Compute(flow, seed: 0)},\n");
    }

    static string Time(long ns) =>
        string.Create(CultureInfo.InvariantCulture, $"{ns / NsPerSecond}.{ns % NsPerSecond:D9}");
}

/// <summary>Reports what was read and written as a labels file without labels.</summary>
/// <param name="Files">What became of every file.</param>
/// <param name="Damaged">One line for each damaged capture.</param>
/// <param name="Traffic">The packets that were read, and their flows, each of which is a row.</param>
public sealed record SkeletonSummary(CaptureAccount Files, IReadOnlyList<string> Damaged, TrafficReport Traffic);
