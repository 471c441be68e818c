using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Units;

namespace ServeFlow.Tests.Units;

/// <summary>The units that somebody saw: their flows, how many packets of each, and those byte for byte.</summary>
sealed class SeenUnits
{
    readonly List<(long Flow, long FirstNs, int Packets)> units = [];
    readonly List<string> contents = [];

    /// <summary>Flow, time of the first packet and number of packets of each unit, sorted.</summary>
    public IEnumerable<(long Flow, long FirstNs, int Packets)> Units => units.Order();

    /// <summary>The header records of each unit, hashed and sorted.</summary>
    public IEnumerable<string> Contents => contents.Order(StringComparer.Ordinal);

    public int Count => units.Count;

    public void Add(in Flow flow, long firstNs, int packets) => units.Add((FlowId.Compute(flow), firstNs, packets));

    public void Add(ReadOnlySpan<HeaderRecord> packets) =>
        contents.Add(Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(packets))));
}

/// <summary>Writes down what a collector hands on.</summary>
sealed class ReceivedUnits : IUnitReceiver
{
    public SeenUnits Seen { get; } = new();

    public List<FlowUnit> Units { get; } = [];

    public List<long> EndsNs { get; } = [];

    public (long FromNs, long ToNs) Span { get; private set; }

    /// <summary>Which flows are wanted, by their number from 0; all where it is not set.</summary>
    public Func<int, bool> Wants { get; init; } = _ => true;

    int begun;

    public bool Begin(ref Flow flow, in PacketSlot first) => Wants(begun++);

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
        Units.Add(unit);
        Seen.Add(flow, unit.FirstNs, packets.Length);
        Seen.Add(packets);
    }

    public void End(in Flow flow, long endNs) => EndsNs.Add(endNs);

    public void Finish(long fromNs, long toNs) => Span = (fromNs, toNs);
}

/// <summary>A model that writes down what a worker shows it, and the sink of that worker's answers.</summary>
sealed class ShownUnits : ITierModel, IBatchScorer, IRecordSink
{
    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:udp");

    public SeenUnits Seen { get; } = new();

    public int Classes => 2;

    public string EngineName => "none";

    public long MemoryBytes => 0;

    public ModelWork Work => default;

    public double Pressure => 0;

    /// <summary>A cascade of this model alone.</summary>
    public CascadePlan Plan(int depth, TimeSpan waitLimit, TimeSpan? window) => new()
    {
        Name = "shown",
        Version = "1",
        Schema = Schema,
        Labels = ["even", "odd"],
        WaitLimit = waitLimit,
        Window = window,
        Tiers =
        [
            new()
            {
                Name = "only",
                Model = "none",
                ModelSha256 = new('a', 64),
                PacketDepth = depth,
                Compiled = this,
                Rule = TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, Classes),
            },
        ],
    };

    public IBatchScorer CreateScorer() => this;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => Seen.Add(packets);

    public void Score(int count, Span<float> probabilities) => probabilities[..(count * Classes)].Fill(0.5f);

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind == RecordKind.Prediction)
        {
            Seen.Add(record.Flow, record.Classification.FirstNs, record.Classification.PacketsUsed);
        }
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
