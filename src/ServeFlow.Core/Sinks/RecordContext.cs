using System.Text;
using ServeFlow.Cascade;

namespace ServeFlow.Sinks;

/// <summary>What records say beside the flow: the capture they come from and the words of the cascade.</summary>
public sealed class RecordContext(CascadePlan plan, SinkOptions options)
{
    byte[] capture = [];

    /// <summary>Name of the capture, UTF-8; empty where there is none.</summary>
    public ReadOnlySpan<byte> Capture => capture;

    internal PlanText Plan { get; } = new(plan);

    internal ushort CommunityIdSeed { get; } = options.CommunityIdSeed;

    public void BeginCapture(string name) => capture = Encoding.UTF8.GetBytes(name);
}
