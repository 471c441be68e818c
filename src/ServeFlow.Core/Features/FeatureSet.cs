namespace ServeFlow.Features;

/// <summary>Holds a parsed and normalised feature set: <c>nprint:HEADERS[+dir][+size][+iat][+agg][+burst]</c>.
/// </summary>
/// <param name="Text">Headers in nPrint's order, then <c>+dir+size+iat+agg+burst</c> as far as asked for.</param>
/// <param name="Headers">The headers whose bits are seen; none where the text says <c>none</c>.</param>
/// <param name="Aggregates">The numbers over all packets up to each.</param>
sealed record FeatureSet(string Text, HeaderLayout[] Headers, PacketFeature[] PacketFeatures,
    AggregateFeature[] Aggregates)
{
    const string Prefix = "nprint:";
    const string PaperName = "paper";
    const string Paper = "nprint:ip4,tcp,udp";

    static readonly string[] AggregateSets = [AggregateFeature.SetName, AggregateFeature.BurstSetName];

    static readonly string AllowedHeaders = string.Join(", ", HeaderLayout.All.Select(header => header.SetName));

    /// <exception cref="InputException">A part is unknown; the message names it and what is allowed.</exception>
    public static FeatureSet Parse(string text)
    {
        var set = text.Trim();
        if (set == PaperName || set.StartsWith(PaperName + "+", StringComparison.Ordinal))
        {
            set = Paper + set[PaperName.Length..];
        }

        if (!set.StartsWith(Prefix, StringComparison.Ordinal))
        {
            throw new InputException($"feature set '{text}': expected "
                + "'nprint:HEADERS[+dir][+size][+iat][+agg][+burst]', such as 'nprint:ip4,ip6,tcp,udp,icmp+dir', "
                + "or 'paper'");
        }

        var parts = set[Prefix.Length..].Split('+');
        var headers = Prefix + parts[0].Trim() == FeatureSchema.NoHeaders
            ? []
            : ParseHeaders(text, parts[0].Split(','));
        string[] names = [.. parts[1..].Select(name => name.Trim())];
        ThrowIfRepeated(text, names);
        if (headers.Length == 0 && names.Length == 0)
        {
            throw new InputException($"feature set '{text}': has no columns; add one of +dir+size+iat+agg+burst");
        }

        var features = ParsePacketFeatures(text, names.Except(AggregateSets));
        string[] aggregates = [.. AggregateSets.Intersect(names)];
        var normalised = (headers.Length == 0
            ? FeatureSchema.NoHeaders : Prefix + string.Join(',', headers.Select(header => header.SetName)))
            + string.Concat(features.Select(feature => feature.SetName).Concat(aggregates).Select(name => "+" + name));
        return new(normalised, headers, features,
            [.. AggregateFeature.All.Where(aggregate => aggregates.Contains(aggregate.Set))]);
    }

    static HeaderLayout[] ParseHeaders(string text, string[] names)
    {
        var asked = names.Select(name => Array.Find(HeaderLayout.All, header => header.SetName == name.Trim())
            ?? throw new InputException(Unknown(text, "header", name, AllowedHeaders))).ToArray();
        ThrowIfRepeated(text, asked.Select(header => header.SetName));
        return [.. asked.OrderBy(header => header.Kind)];
    }

    static PacketFeature[] ParsePacketFeatures(string text, IEnumerable<string> names) =>
    [
        .. names.Select(name => Array.Find(PacketFeature.All, feature => feature.SetName == name)
            ?? throw new InputException(Unknown(text, "packet feature", name, "dir, size, iat, agg, burst")))
            .OrderBy(feature => feature.Kind),
    ];

    static string Unknown(string text, string what, string name, string allowed) =>
        $"feature set '{text}': unknown {what} '{name}'; allowed: {allowed}";

    static void ThrowIfRepeated(string text, IEnumerable<string> names)
    {
        var twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new InputException($"feature set '{text}': '{twice.Key}' is named twice; name it once");
        }
    }
}
