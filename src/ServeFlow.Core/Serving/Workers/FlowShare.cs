using ServeFlow.Flows;

namespace ServeFlow.Serving.Workers;

/// <summary>Draws flows by their ends alone, so that a flow and its successors are drawn alike in every run.</summary>
static class FlowShare
{
    /// <summary>SplitMix64's finaliser over the addresses, the ports and the protocol.</summary>
    public static ulong Hash(in FlowKey key)
    {
        var word = Mix(key.LowAddress.High) ^ key.LowAddress.Low;
        word = Mix(word) ^ key.HighAddress.High;
        word = Mix(word) ^ key.HighAddress.Low;
        return Mix(Mix(word) ^ (((ulong)key.LowPort << 32) | ((ulong)key.HighPort << 8) | key.Protocol));
    }

    static ulong Mix(ulong word)
    {
        word += 0x9e37_79b9_7f4a_7c15;
        word = (word ^ (word >> 30)) * 0xbf58_476d_1ce4_e5b9;
        word = (word ^ (word >> 27)) * 0x94d0_49bb_1331_11eb;
        return word ^ (word >> 31);
    }
}
