using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Benchmarks;

/// <summary>
/// What all benchmarks run on: synthetic traffic, and a cascade of three tiers that was trained on it.
/// </summary>
static class SyntheticLab
{
    /// <summary>New flows a second of capture time: what the paper's server took.</summary>
    const double Rate = 48_500;

    const int TrainingFlows = 4_000;

    static readonly Lazy<CascadePlan> plan = new(Train);

    public static CascadePlan Plan => plan.Value;

    public static PacketMemory Traffic(int flows, int packetsPerFlow) =>
        new SyntheticTraffic { Flows = flows, PacketsPerFlow = packetsPerFlow, Rate = Rate }.Generate();

    /// <summary>All packets of a memory, valid as long as it is.</summary>
    public static PacketSlot[] Slots(PacketMemory memory)
    {
        using var source = memory.Open();
        var (slots, burst) = (new List<PacketSlot>(), new PacketBurst());
        while (source.Poll(burst))
        {
            slots.AddRange(burst.Packets);
        }

        return [.. slots];
    }

    /// <summary>The headers of the first packets, one record for each.</summary>
    public static HeaderRecord[] Records(PacketMemory memory)
    {
        var ignored = new Telemetry.Tally<IgnoreReason>();
        return [.. Slots(memory).Select(slot =>
        {
            PacketDecoder.TryDecode(slot, out var headers, ignored);
            HeaderRecorder.Record(slot, headers, true, slot.TimestampNs, slot.TimestampNs, out var record);
            return record;
        })];
    }

    /// <summary>Trains a cascade on synthetic captures.</summary>
    /// <param name="folder">A folder for the captures and the bundle.</param>
    /// <param name="tiers">The tiers, such as <c>dt@1,lgbm@10</c>.</param>
    /// <returns>The path of the bundle.</returns>
    public static string Train(string folder, string tiers)
    {
        var made = SyntheticSet.Write(new()
        {
            Directory = Path.Combine(folder, "synthetic"),
            Flows = TrainingFlows,
            Captures = 8,
        });
        var data = DataSetBuilder.Build(
            new()
            {
                Path = made.Directory,
                Labels = made.Labels,
                Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            }, null, default);
        return CascadeTrainer.Train(
            new()
            {
                Data = data.Data,
                Bundle = Path.Combine(folder, "bundle"),
                Trainers = [new DtTrainer(), new LgbmTrainer()],
                Depths = [],
                Tiers = ModelSpec.ParseList(tiers),
                Folds = 2,
            }, null, default).Bundle;
    }

    static CascadePlan Train()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-bench").FullName;
        try
        {
            return Bundle.Load(Train(folder, "dt@1,lgbm@1,lgbm@10")).Plan;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
