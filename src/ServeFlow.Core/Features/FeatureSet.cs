namespace ServeFlow.Features;

/// <summary>Holds a parsed and normalised feature set: <c>nprint:HEADERS[+dir][+size][+iat][+agg]</c>.</summary>
/// <param name="Text">Headers in nPrint's order, then <c>+dir+size+iat+agg</c> as far as asked for.</param>
/// <param name="HasAggregates">Whether there are numbers over all packets up to each.</param>
sealed record FeatureSet(string Text, HeaderLayout[] Headers, PacketFeature[] PacketFeatures, bool HasAggregates)
{
    const string Prefix = "nprint:";
    const string PaperName = "paper";
    const string Paper = "nprint:ip4,tcp,udp";

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
            throw new InputException($"feature set '{text}': expected 'nprint:HEADERS[+dir][+size][+iat][+agg]', "
                + "such as 'nprint:ip4,ip6,tcp,udp,icmp+dir', or 'paper'");
        }

        var parts = set[Prefix.Length..].Split('+');
        var headers = ParseHeaders(text, parts[0].Split(','));
        string[] names = [.. parts[1..].Select(name => name.Trim())];
        ThrowIfRepeated(text, names);
        var features = ParsePacketFeatures(text, names.Except([AggregateFeature.SetName]));
        var hasAggregates = names.Contains(AggregateFeature.SetName);
        var normalised = Prefix + string.Join(',', headers.Select(header => header.SetName))
            + string.Concat(features.Select(feature => "+" + feature.SetName))
            + (hasAggregates ? "+" + AggregateFeature.SetName : "");
        return new(normalised, headers, features, hasAggregates);
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
            ?? throw new InputException(Unknown(text, "packet feature", name, "dir, size, iat, agg")))
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
