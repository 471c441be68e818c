using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>Holds what records say beside the flow: the capture they come from and the words of the cascade.</summary>
public sealed class RecordContext(CascadePlan plan, SinkOptions options)
{
    readonly byte[][] interfaces = [.. options.Interfaces.Select(Encoding.UTF8.GetBytes)];
    byte[] capture = [];

    /// <summary>Name of the capture, UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Capture => capture;

    /// <summary>Name of the interface that a flow came in by, UTF-8; empty where it came from a file.</summary>
    public ReadOnlySpan<byte> Interface(in Flow flow) =>
        flow.Interface < interfaces.Length ? interfaces[flow.Interface] : [];

    /// <summary>Gets the unit that is classified.</summary>
    internal FlowWindows Windows { get; } = new(plan.Window);

    /// <inheritdoc cref="FlowColumns.GetRowKind"/>
    internal RecordKind Rows { get; } = FlowColumns.GetRowKind(plan);

    internal PlanText Plan { get; } = new(plan);

    internal ushort CommunityIdSeed { get; } = options.CommunityIdSeed;

    public void BeginCapture(string name) => capture = Encoding.UTF8.GetBytes(name);
}
