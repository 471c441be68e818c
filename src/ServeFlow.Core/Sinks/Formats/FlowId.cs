using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// A number for a flow that every run over the same packets gives again: mixed from its key and the time of its
/// first packet. The mixing step is SplitMix64's (Steele, Lea and Flood, 2014).
/// </summary>
static class FlowId
{
    /// <summary>63 bits and never 0: positive in every language's signed integers.</summary>
    public static long Compute(in Flow flow) => Math.Max(1, (long)(Mix(flow, 0) & long.MaxValue));

    /// <summary>64 bits; another <paramref name="salt"/> gives other, independent bits.</summary>
    public static ulong Mix(in Flow flow, ulong salt)
    {
        ref readonly var key = ref flow.Key;
        var ports = ((ulong)key.LowPort << 48) | ((ulong)key.HighPort << 32) | ((ulong)key.Vlan << 16)
            | ((ulong)key.Protocol << 8) | key.IpVersion;
        var hash = SplitMix(salt ^ key.LowAddress.High);
        hash = SplitMix(hash ^ key.LowAddress.Low);
        hash = SplitMix(hash ^ key.HighAddress.High);
        hash = SplitMix(hash ^ key.HighAddress.Low);
        hash = SplitMix(hash ^ ports);
        return SplitMix(hash ^ (ulong)flow.FirstNs);
    }

    static ulong SplitMix(ulong value)
    {
        value += 0x9e37_79b9_7f4a_7c15;
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }
}
