namespace ServeFlow.Features;

/// <summary>
/// Names the fields that no model may see. <c>default</c> hides what identifies a host or a capture rather than a
/// service. A masked field has no columns, with one exception: the values of TCP timestamps, which move about inside
/// the options, are read as 0 where they stand.
/// </summary>
/// <param name="Text">
/// <c>default</c>, <c>none</c>, or whole groups and then single fields, in this file's order.
/// </param>
sealed record FeatureMask(string Text, IReadOnlySet<string> Fields)
{
    /// <summary>Stands for TSval and TSecr, which are no field of their own in nPrint.</summary>
    const string TimestampValues = RecordField.Timestamps;

    /// <summary>Lists the groups of fields that <c>default</c> hides together.</summary>
    public static readonly (string Name, string[] Fields)[] Groups =
    [
        ("addresses", ["ipv4_src", "ipv4_dst", "ipv6_src", "ipv6_dst"]),
        ("ports", ["tcp_sprt", "tcp_dprt", "udp_sport", "udp_dport"]),
        // IPv6's flow label is drawn at random per flow (RFC 6437), as the IPv4 id is per packet or host.
        ("ids", ["ipv4_id", "ipv6_fl"]),
        ("checksums", ["ipv4_cksum", "tcp_cksum", "udp_cksum", "icmp_cksum"]),
        ("sequence", ["tcp_seq", "tcp_ackn"]),
        ("timestamps", [TimestampValues]),
    ];

    static readonly string[] AllFields =
    [
        .. HeaderLayout.All.SelectMany(header => header.Fields).Select(field => field.Name),
        TimestampValues,
    ];

    static readonly string[] DefaultFields = [.. Groups.SelectMany(group => group.Fields)];

    public bool HidesTimestamps => Fields.Contains(TimestampValues);

    public bool Hides(string field) => Fields.Contains(field);

    /// <summary>
    /// A comma-separated list, applied from left to right: <c>default</c>, <c>none</c>, a group or a field adds what
    /// it names; with '-' in front it takes it away. A list that begins with '-' begins from <c>default</c>.
    /// </summary>
    /// <exception cref="InputException">A part is unknown; the message names it and what is allowed.</exception>
    public static FeatureMask Parse(string text)
    {
        var fields = new HashSet<string>(text.TrimStart().StartsWith('-') ? DefaultFields : []);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith('-'))
            {
                fields.ExceptWith(Expand(text, part[1..]));
            }
            else
            {
                fields.UnionWith(Expand(text, part));
            }
        }

        return new(Normalise(fields), fields);
    }

    static string[] Expand(string text, string name) => name switch
    {
        "default" => DefaultFields,
        "none" => [],
        _ when Array.Find(Groups, group => group.Name == name) is { Fields: not null } group => group.Fields,
        _ when AllFields.Contains(name) => [name],
        _ => throw new InputException($"mask '{text}': unknown part '{name}'; allowed: default, none, the groups "
            + $"{string.Join(", ", Groups.Select(group => group.Name))}, and fields such as ipv4_ttl or tcp_wsize; "
            + "a '-' in front keeps what would be masked"),
    };

    static string Normalise(HashSet<string> fields)
    {
        if (fields.Count == 0)
        {
            return "none";
        }

        if (fields.SetEquals(DefaultFields))
        {
            return "default";
        }

        var whole = Groups.Where(group => fields.IsSupersetOf(group.Fields)).ToArray();
        var single = AllFields.Where(field => fields.Contains(field)
            && !whole.Any(group => group.Fields.Contains(field)));
        return string.Join(',', whole.Select(group => group.Name).Concat(single));
    }
}
