using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>Holds what records say beside the flow: the capture they come from and the words of the cascade.</summary>
public sealed class RecordContext
{
    readonly Func<string, byte[]> encode;
    readonly byte[][] interfaces;
    readonly ByPlan<PlanText> plans;
    int model;
    byte[] capture = [];

    /// <param name="encode">
    /// Writes names and labels as the format has them, each once; null writes plain UTF-8.
    /// </param>
    public RecordContext(CascadePlan plan, SinkOptions options, Func<string, byte[]>? encode = null)
    {
        this.encode = encode ?? Encoding.UTF8.GetBytes;
        interfaces = [.. options.Interfaces.Select(this.encode)];
        Windows = new(plan.Window);
        Rows = FlowColumns.GetRowKind(plan);
        plans = new(plan, options.Plans, one => new(one, this.encode));
        Plan = plans[0];
        CommunityIdSeed = options.CommunityIdSeed;
    }

    /// <summary>Gets the name of the capture, encoded; empty where there is none.</summary>
    public ReadOnlySpan<byte> Capture => capture;

    /// <summary>Name of the interface that a flow came in by, encoded; empty where it came from a file.</summary>
    public ReadOnlySpan<byte> Interface(in Flow flow) =>
        flow.Interface < interfaces.Length ? interfaces[flow.Interface] : [];

    /// <summary>Gets the unit that is classified.</summary>
    internal FlowWindows Windows { get; }

    /// <inheritdoc cref="FlowColumns.GetRowKind"/>
    internal RecordKind Rows { get; }

    /// <summary>Gets the words of the plan whose record is written.</summary>
    internal PlanText Plan { get; private set; }

    internal ushort CommunityIdSeed { get; }

    /// <summary>Gets the words of a plan by its number.</summary>
    internal PlanText TextOf(int number) => plans[number];

    /// <summary>The next record has the answer of this plan.</summary>
    /// <param name="number">The plan's number.</param>
    public void Use(int number)
    {
        if (number != model)
        {
            (model, Plan) = (number, plans[number]);
        }
    }

    public void BeginCapture(string name) => capture = encode(name);
}
