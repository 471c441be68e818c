using ServeFlow.Packets;

namespace ServeFlow.Tests.Serving;

/// <summary>Does something before each burst.</summary>
sealed class ChangingSource(MemorySource source, Action change) : IPacketSource
{
    public bool Poll(PacketBurst burst)
    {
        change();
        return source.Poll(burst);
    }

    public void Dispose()
    {
    }
}
