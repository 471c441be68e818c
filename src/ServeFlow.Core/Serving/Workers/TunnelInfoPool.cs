using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>Notes on the few flows that are tunnelled, kept until the flow ends. Indices are reused.</summary>
sealed class TunnelInfoPool
{
    /// <summary>Specifies the index of a flow that is in no tunnel.</summary>
    public const int None = -1;

    TunnelInfo[] tunnels = [];
    int[] free = [];
    int freeCount;

    /// <summary>Keeps a flow's tunnel; returns its index, or −1 where the flow is in none.</summary>
    public int Add(in TunnelInfo tunnel)
    {
        if (tunnel.TunnelDepth == 0)
        {
            return None;
        }

        if (freeCount == 0)
        {
            Grow();
        }

        var index = free[--freeCount];
        tunnels[index] = tunnel;
        return index;
    }

    /// <summary>Gets a kept tunnel, or the empty one for −1.</summary>
    public TunnelInfo Get(int index) => index == None ? default : tunnels[index];

    public void Remove(int index)
    {
        if (index != None)
        {
            free[freeCount++] = index;
        }
    }

    void Grow()
    {
        var old = tunnels.Length;
        Array.Resize(ref tunnels, Math.Max(64, 2 * old));
        Array.Resize(ref free, tunnels.Length);
        for (var i = tunnels.Length - 1; i >= old; i--)
        {
            free[freeCount++] = i;
        }
    }
}
