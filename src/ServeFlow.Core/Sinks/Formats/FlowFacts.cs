using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>Derives what records say of a flow and its fields do not say outright.</summary>
static class FlowFacts
{
    const long NsPerSecond = 1_000_000_000;

    /// <summary>
    /// Whole seconds from the first packet's second to the last packet's, as Suricata counts the age.
    /// </summary>
    public static long AgeSeconds(in Flow flow) => (flow.LastNs / NsPerSecond) - (flow.FirstNs / NsPerSecond);

    /// <summary>
    /// Suricata's <c>flow.state</c>: closed by TCP, established once both sides were heard, else new.
    /// </summary>
    public static ReadOnlySpan<byte> State(in Flow flow) =>
        flow.IsClosed ? "closed"u8 : flow.PacketsBackward > 0 ? "established"u8 : "new"u8;

    /// <summary>Writes the Community ID; returns its length.</summary>
    public static int CommunityId(in Flow flow, ushort seed, Span<byte> text)
    {
        ServeFlow.Flows.CommunityIds.CommunityId.TryFormat(flow.Key, seed, text);
        return ServeFlow.Flows.CommunityIds.CommunityId.Length;
    }
}
