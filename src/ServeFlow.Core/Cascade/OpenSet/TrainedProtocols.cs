namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Holds the network and transport protocols of the flows that a bundle was trained on. Models have learned nothing of
/// others, and what they say of such flows would rest on headers that are absent. Immutable; shared by all workers.
/// </summary>
public sealed class TrainedProtocols
{
    const int WordBits = 64;

    readonly ulong[] versions;
    readonly ulong[] transports;

    /// <param name="versions">Versions of IP: 4, 6 or both.</param>
    /// <param name="transports">Protocol numbers of IP headers, 0 to 255.</param>
    public TrainedProtocols(IEnumerable<int> versions, IEnumerable<int> transports)
    {
        this.versions = CreateSet(versions);
        this.transports = CreateSet(transports);
    }

    /// <summary>Determines whether training saw both protocols, be it in different flows.</summary>
    /// <param name="ipVersion">The version of IP.</param>
    /// <param name="transport">The protocol number.</param>
    public bool Include(byte ipVersion, byte transport) =>
        ((versions[ipVersion / WordBits] >> (ipVersion % WordBits))
            & (transports[transport / WordBits] >> (transport % WordBits)) & 1) != 0;

    static ulong[] CreateSet(IEnumerable<int> numbers)
    {
        var words = new ulong[(byte.MaxValue + 1) / WordBits];
        foreach (var number in numbers)
        {
            words[number / WordBits] |= 1UL << (number % WordBits);
        }

        return words;
    }
}
