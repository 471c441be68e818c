namespace ServeFlow.Packets.Filters;

/// <summary>
/// The packets of a source that a filter lets pass. A burst may come out empty although the source goes on. The
/// expression is compiled anew for each link type that shows up; for one that it does not suit, nothing passes.
/// </summary>
public sealed class FilteredSource(IPacketSource source, PacketFilter filter) : IPacketSource
{
    const int AnySnapLength = 262_144;

    readonly Dictionary<LinkType, PacketFilter?> filters = new() { [filter.LinkType] = filter };
    readonly string text = filter.Text;
    PacketFilter? current = filter;
    LinkType currentType = filter.LinkType;

    /// <summary>Gets the number of packets that the filter did not let pass.</summary>
    public long FilteredOut { get; private set; }

    /// <summary>Gets one line about a link type that the expression does not suit; null where there was none.</summary>
    public string? Warning { get; private set; }

    public bool HasBacklog => source.HasBacklog;

    public double Pressure => source.Pressure;

    public bool Poll(PacketBurst burst)
    {
        var goesOn = source.Poll(burst);
        FilteredOut += burst.KeepWhere(this, static (self, in packet) => packet.IsTick || self.Matches(packet));
        return goesOn;
    }

    public void Dispose() => source.Dispose();

    bool Matches(in PacketSlot packet)
    {
        if (packet.LinkType != currentType)
        {
            currentType = packet.LinkType;
            current = GetFilter(currentType);
        }

        return current is not null && current.Matches(packet);
    }

    PacketFilter? GetFilter(LinkType linkType)
    {
        if (!filters.TryGetValue(linkType, out var known))
        {
            if (!PacketFilter.TryCompile(text, linkType, AnySnapLength, out known!, out var complaint))
            {
                known = null;
                Warning ??= $"filter '{InputException.Quote(text)}' does not suit packets of link type "
                              + $"{(int)linkType}, which are left out: {InputException.Quote(complaint)}";
            }

            filters[linkType] = known;
        }

        return known;
    }
}
