using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServeFlow.Features;

/// <summary>
/// Defines the columns that a model may see: the header bits and optional packet features of a feature set, less the
/// masked ones. The same columns repeat for each packet: column <c>p · ColumnsPerPacket + c</c> is column c of packet p
/// (from 0). Immutable; two schemas are interchangeable exactly if their <see cref="Hash"/> is equal.
/// </summary>
public sealed partial class FeatureSchema
{
    /// <summary>Specifies the feature set that is used where none is asked for.</summary>
    public const string DefaultSet = "nprint:ip4,ip6,tcp,udp,icmp+dir";

    /// <summary>
    /// The same for windows of flows, which mostly begin in the middle of a conversation: headers say little there.
    /// </summary>
    public const string DefaultWindowSet = DefaultSet + "+size+iat";

    /// <summary>Begins a feature set that sees no header bits.</summary>
    public const string NoHeaders = "nprint:none";

    /// <summary>Specifies the mask that is used where none is asked for.</summary>
    public const string DefaultMask = "default";

    /// <summary>Gets the groups of fields that identify a host or a capture rather than a service: what the default
    /// mask hides. Names of groups are a mask's words, names of fields <see cref="RecordField"/>'s.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<string> Fields)> IdentifyingFields { get; } =
        [.. FeatureMask.Groups.Select(group => (group.Name, (IReadOnlyList<string>)group.Fields))];

    readonly string[] names;
    readonly string[] fields;
    readonly FrozenDictionary<string, int> places;

    FeatureSchema(FeatureSet set, FeatureMask mask)
    {
        Set = set.Text;
        Mask = mask.Text;
        var headers = set.Headers;
        var bits = headers.SelectMany(header => header.Fields
            .Where(field => !mask.Hides(field.Name))
            .SelectMany(field => Enumerable.Range(0, field.Bits).Select(bit => (header, field, bit)))).ToArray();
        var features = set.PacketFeatures;
        names =
        [
            .. bits.Select(b => $"{b.field.Name}_{b.bit}"), .. features.Select(feature => feature.Column),
            .. set.Aggregates.Select(aggregate => aggregate.Column),
        ];
        fields =
        [
            .. bits.Select(b => b.field.Name), .. features.Select(feature => feature.Column),
            .. set.Aggregates.Select(aggregate => aggregate.Field),
        ];
        columns = [.. bits.Select(b => FeatureColumn.Create(b.header, b.field.FirstBit + b.bit))];
        packetFeatures = [.. features.Select(feature => feature.Kind)];
        aggregates = [.. set.Aggregates.Select(aggregate => aggregate.Kind)];
        HidesTimestamps = mask.HidesTimestamps && headers.Contains(TcpFields.Layout);
        places = Enumerable.Range(0, names.Length).ToFrozenDictionary(place => names[place]);
        Hash = HashOf(Set, Mask, names);
    }

    /// <summary>Gets the feature set as given, normalised.</summary>
    public string Set { get; }

    /// <summary>Gets the mask as given, normalised.</summary>
    public string Mask { get; }

    /// <summary>SHA-256 over set, mask and column names, hexadecimal.</summary>
    public string Hash { get; }

    public int ColumnsPerPacket => names.Length;

    /// <summary>Gets whether every column holds −1, 0 or 1: no sizes, no times, no aggregates.</summary>
    public bool IsBinary => !HasAggregates && !packetFeatures.Any(kind => kind != PacketFeatureKind.Direction);

    /// <summary>Gets whether each packet has columns over all packets up to it.</summary>
    public bool HasAggregates => FirstAggregate < ColumnsPerPacket;

    /// <summary>Parses a feature set such as <c>nprint:ip4,ip6,tcp,udp,icmp+dir</c> (or <c>paper</c>) and a mask:
    /// <c>default</c>, <c>none</c>, or a comma-separated list of groups (<c>addresses</c>, <c>ports</c>, …) and
    /// fields (<c>ipv4_ttl</c>), each with '-' in front to keep it, as in <c>default,-ports</c>.</summary>
    /// <exception cref="InputException">A part is unknown; the message names it and what is allowed.</exception>
    public static FeatureSchema Parse(string set, string mask = DefaultMask)
    {
        var schema = new FeatureSchema(FeatureSet.Parse(set), FeatureMask.Parse(mask));
        return schema.ColumnsPerPacket > 0
            ? schema
            : throw new InputException($"mask '{mask}' leaves no column of feature set '{set}'; mask fewer fields");
    }

    /// <summary>
    /// Determines whether a column holds −1, 0 or 1: a bit or a direction, over any number of packets.
    /// </summary>
    public bool IsTernary(int column) =>
        TryBit(column % names.Length, out _) || IsDirection(column % names.Length);

    /// <summary>Determines whether a packet's column is over all packets up to it.</summary>
    public bool IsAggregate(int packetColumn) => packetColumn >= FirstAggregate;

    /// <summary>nPrint's own name of a packet's column, such as <c>ipv4_ttl_3</c>.</summary>
    public string PacketColumnName(int column) => names[column];

    /// <summary>Returns the name of a column over several packets: <c>p1_ipv4_ttl_3</c>, packets counted from
    /// 1.</summary>
    public string ColumnName(int column) => $"p{(column / names.Length) + 1}_{names[column % names.Length]}";

    /// <summary>The field of header records that a packet's column shows, or is computed from, such as
    /// <c>ipv4_ttl</c>, for masks and importance.</summary>
    public string Field(int packetColumn) => fields[packetColumn];

    /// <summary>Finds a column by <see cref="ColumnName"/>, such as <c>p3_ipv4_ttl_0</c>.</summary>
    /// <param name="depth">Packets that there are columns of: columns of later packets are not found.</param>
    public bool TryFindColumn(string name, int depth, out int column)
    {
        column = -1;
        var end = name.IndexOf('_');
        if (end < 2 || name[0] != 'p' || name[1] == '0'
            || !int.TryParse(name.AsSpan(1, end - 1), NumberStyles.None, null, out var packet)
            || packet > depth
            || !places.TryGetValue(name[(end + 1)..], out var place))
        {
            return false;
        }

        column = ((packet - 1) * names.Length) + place;
        return true;
    }

    static string HashOf(string set, string mask, string[] names)
    {
        var text = $"{set}\n{mask}\n{string.Join('\n', names)}\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
