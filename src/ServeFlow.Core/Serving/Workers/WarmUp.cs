using System.Buffers.Binary;
using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Lets a worker serve made-up flows whose records nobody sees, so that the code of the path is compiled before the
/// first real packet: otherwise the first flows of a link would wait a tenth of a second for the compiler.
/// </summary>
public static class WarmUp
{
    /// <summary>Exceeds a batch, so that full batches are scored too.</summary>
    const int Flows = 700;

    /// <summary>Makes batches of both tiers, full and not.</summary>
    const int FlowsAhead = 64;

    const int FrameLength = 74;
    const int EthernetLength = 14;
    const byte Tcp = 6;
    const byte Udp = 17;

    /// <summary>Few packets at a time make small batches, many make full ones.</summary>
    static readonly int[] BurstSizes = [1, 40, 200, PacketBurst.Capacity];

    public static void Run(CascadePlan plan)
    {
        using var sink = new NullSink();
        // Whatever protocols the plan knows, its tiers are to be asked.
        Serve(RemoteModel.Remove(plan) with { Protocols = null }, CreatePackets(plan.Tiers[^1].PacketDepth, Flows),
            BurstSizes, sink, keepsHeaders: plan.Tiers[^1].Compiled is RemoteModel);
    }

    /// <summary>
    /// Serves made-up flows with a made-up model in the background. What loads and serves a bundle is then in memory,
    /// and compiled where it must be, while this thread still reads the bundle.
    /// </summary>
    /// <param name="createSink">Creates the sink to make ready.</param>
    /// <returns>A task that need not be waited for.</returns>
    public static Task RunAhead(Func<CascadePlan, IRecordSink> createSink) => Task.Run(() =>
    {
        var plan = WarmUpPlan.Create();
        using var sink = createSink(plan);
        Serve(plan, CreatePackets(WarmUpPlan.Depth, FlowsAhead), [FlowsAhead / 2], sink);
    });

    /// <summary>One worker serves the flows once for each size of bursts, and changes its model before the first:
    /// the first change on a link would wait for the compiler too.</summary>
    static void Serve(CascadePlan plan, PacketMemory packets, IReadOnlyList<int> bursts, IRecordSink sink,
        bool keepsHeaders = false)
    {
        var worker = new Worker(plan, new() { KeepsHeaders = keepsHeaders }, sink);
        worker.Use(new(worker.CreateLane(plan, 0)));
        foreach (var size in bursts)
        {
            using var source = packets.OpenInSteps(size);
            worker.Run(source);
            worker.Finish();
        }
    }

    static PacketMemory CreatePackets(int depth, int flows)
    {
        var memory = new PacketMemory(depth * flows * FrameLength);
        Span<byte> frame = stackalloc byte[FrameLength];
        for (var packet = 0; packet < depth; packet++)
        {
            for (var flow = 0; flow < flows; flow++)
            {
                WriteFrame(frame, flow, packet);
                memory.Add(frame, FrameLength, ((packet * (long)flows) + flow) * 1000, LinkType.Ethernet);
            }
        }

        return memory;
    }

    /// <summary>TCP and UDP in turn, from addresses for documentation (RFC 5737).</summary>
    static void WriteFrame(Span<byte> frame, int flow, int packet)
    {
        frame.Clear();
        frame[12] = 0x08;
        var ip = frame[EthernetLength..];
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], FrameLength - EthernetLength);
        ip[8] = (byte)(flow * 37);
        ip[9] = flow % 2 == 0 ? Tcp : Udp;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], 0xc000_0201);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], 0xc633_6401);
        var transport = ip[20..];
        BinaryPrimitives.WriteUInt16BigEndian(transport, (ushort)(1024 + flow));
        BinaryPrimitives.WriteUInt16BigEndian(transport[2..], 443);
        BinaryPrimitives.WriteUInt16BigEndian(transport[4..], FrameLength - EthernetLength - 20);
        transport[12] = 0x50;
        transport[13] = (byte)(packet == 0 ? 2 : 16);
    }
}

/// <summary>Makes up a cascade of two small models, which takes all steps that a trained one does.</summary>
static class WarmUpPlan
{
    /// <summary>Specifies the number of packets that the second tier waits for.</summary>
    public const int Depth = 2;

    const int Trees = 4;

    /// <summary>Creates the plan: its models are read and compiled as those of a bundle are.</summary>
    public static CascadePlan Create()
    {
        var schema = FeatureSchema.Parse(FeatureSchema.DefaultSet);
        return new()
        {
            Name = "warm-up",
            Version = "1",
            Schema = schema,
            Labels = ["a", "b"],
            Tiers = [CreateTier(schema, 1), CreateTier(schema, Depth)],
            WaitLimit = TimeSpan.FromSeconds(1),
        };
    }

    static TierPlan CreateTier(FeatureSchema schema, int depth)
    {
        var model = ModelFormats.BuiltIn.Find(ModelFormats.LightGbm)!.Read(WriteModel(), "warm-up");
        return new()
        {
            Name = $"tier {depth}",
            Model = "lgbm",
            ModelSha256 = "",
            PacketDepth = depth,
            Compiled = model.Bind(schema, depth),
            Rule = depth == Depth
                ? TierRule.ForLastTier(2, UncertaintyMeasure.Margin, classes: 2)
                : new(2, UncertaintyMeasure.Margin, [0.9, 0.9]) { Isotonic = new([0.2, 0.9], [0.3, 0.8]) },
        };
    }

    /// <summary>Writes trees that ask for two bits: a flow in two is sure on its first packet.</summary>
    static byte[] WriteModel() => Encoding.UTF8.GetBytes("tree\nversion=v4\nnum_class=2\nnum_tree_per_iteration=2\n"
        + "label_index=0\nmax_feature_idx=1\nobjective=multiclass num_class:2\n"
        + "feature_names=p1_ipv4_ttl_7 p1_ipv4_ttl_6\n\n"
        + string.Concat(Enumerable.Range(0, Trees).Select(WriteTree)) + "end of trees\n");

    static string WriteTree(int tree)
    {
        var values = tree % 2 == 0 ? "0.01 0.1 1" : "0.02 -0.1 -1";
        return $"Tree={tree}\nnum_leaves=3\nnum_cat=0\nsplit_feature=0 1\nthreshold=0.5 0.5\ndecision_type=2 2\n"
            + $"left_child=-1 -2\nright_child=1 -3\nleaf_value={values}\nis_linear=0\n\n";
    }
}
