using System.Globalization;
using ServeFlow.Packets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// A rule of the form <c>CONDITION=LABEL</c>. A condition reads as a filter of tcpdump: <c>port 443</c>, <c>src host
/// 10.0.0.1</c>, <c>net 10.0.0.0/8</c>, <c>udp port 53</c>, and also <c>mac 00:17:88:01:02:03</c>, <c>dir NAME</c>,
/// <c>proto 89</c>; joined by <c>and</c>, <c>or</c> and <c>not</c>, of which <c>or</c> binds least.
/// </summary>
sealed class LabelRule : ILabelSource
{
    readonly Func<SheetRow, bool> condition;
    readonly string label;

    LabelRule(string text, Func<SheetRow, bool> condition, string label) =>
        (Name, this.condition, this.label) = (text, condition, label);

    public string Name { get; }

    public bool Contradicts => false;

    public IEnumerable<string> Notes => [];

    public RecordCounts? Records => null;

    /// <summary>Reads a rule.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static LabelRule Parse(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        var label = end < 0 ? "" : text[(end + 1)..].Trim();
        if (label.Length == 0)
        {
            throw new InputException($"rule '{InputException.Quote(text)}': has no label; write CONDITION=LABEL, such "
                + "as 'port 443=web'");
        }

        return new(text, new RuleParser(text, text[..end]).Parse(), LabelText.Check(label,
            $"rule '{InputException.Quote(text)}'", LabelFile.LabelRemedy));
    }

    public string? Find(SheetRow flow, int row) => condition(flow) ? label : null;
}

/// <summary>Reads a rule's condition word by word.</summary>
/// <param name="rule">The whole rule, for errors.</param>
sealed class RuleParser(string rule, string condition)
{
    readonly string[] words = condition.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    int at;

    public Func<SheetRow, bool> Parse()
    {
        var parsed = ReadAlternatives();
        return at == words.Length ? parsed : throw Bad($"'{words[at]}' is not understood");
    }

    Func<SheetRow, bool> ReadAlternatives()
    {
        var left = ReadConjunction();
        while (Skip("or") || Skip("||"))
        {
            var (first, second) = (left, ReadConjunction());
            left = row => first(row) || second(row);
        }

        return left;
    }

    /// <summary>Reads terms that must all hold. As in tcpdump, <c>udp port 53</c> needs no <c>and</c>.</summary>
    Func<SheetRow, bool> ReadConjunction()
    {
        var left = ReadTerm();
        while (at < words.Length && words[at] is not ("or" or "||"))
        {
            if (!Skip("and") && !Skip("&&") && !IsProtocol(words[at - 1]))
            {
                throw Bad($"'{words[at]}' is not understood");
            }

            var (first, second) = (left, ReadTerm());
            left = row => first(row) && second(row);
        }

        return left;
    }

    Func<SheetRow, bool> ReadTerm()
    {
        if (Skip("not") || Skip("!"))
        {
            var term = ReadTerm();
            return row => !term(row);
        }

        var side = Skip("src") ? Side.Source : Skip("dst") ? Side.Destination : Side.Either;
        var word = Next("a condition");
        return word switch
        {
            "port" or "portrange" => Ports(Next("a port"), side),
            "host" => Network(Next("an address"), side, isHost: true),
            "net" => Network(Next("a network"), side, isHost: false),
            "mac" => Mac(Next("a MAC address"), side),
            "proto" when side == Side.Either => Protocol(Next("a protocol")),
            "dir" when side == Side.Either => Folder(Next("a directory's name")),
            _ when side == Side.Either && IsProtocol(word) => Protocol(word),
            _ => throw Bad($"'{word}' is not understood"),
        };
    }

    static bool IsProtocol(string word) => !char.IsAsciiDigit(word[0]) && ProtocolName.TryParse(word, out _);

    Func<SheetRow, bool> Ports(string text, Side side)
    {
        var ends = text.Split('-');
        if (ends.Length > 2 || !ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            || !ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var high) || low > high)
        {
            throw Bad($"'{text}' is no port; use 443 or 8000-8010");
        }

        return row => LabelKeys.HasPorts(row.Tuple.Protocol) && ((side != Side.Destination
            && row.Tuple.SourcePort >= low && row.Tuple.SourcePort <= high)
            || (side != Side.Source && row.Tuple.DestinationPort >= low && row.Tuple.DestinationPort <= high));
    }

    Func<SheetRow, bool> Network(string text, Side side, bool isHost)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bits = 0;
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var address) || (isHost && slash >= 0)
            || (!isHost && (slash < 0 || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None,
                CultureInfo.InvariantCulture, out bits) || bits > (address.IsIpv4 ? 32 : 128))))
        {
            throw Bad(isHost ? $"'{text}' is no address" : $"'{text}' is no network; use 10.0.0.0/8 or 2001:db8::/32");
        }

        // IPv4 addresses are the last 32 of 128 bits.
        var length = isHost ? 128 : address.IsIpv4 ? 96 + bits : bits;
        return row => (side != Side.Destination && IsWithin(row.Tuple.Source, address, length))
            || (side != Side.Source && IsWithin(row.Tuple.Destination, address, length));
    }

    static bool IsWithin(IpAddress address, IpAddress network, int bits)
    {
        var differing = new UInt128(address.High ^ network.High, address.Low ^ network.Low);
        return bits == 0 || differing >> (128 - bits) == 0;
    }

    Func<SheetRow, bool> Mac(string text, Side side) => MacAddress.TryParse(text, out var mac)
        ? row => (side != Side.Destination && row.SourceMac == mac)
            || (side != Side.Source && row.DestinationMac == mac)
        : throw Bad($"'{text}' is no MAC address; use 00:17:88:01:02:03");

    Func<SheetRow, bool> Protocol(string text) => ProtocolName.TryParse(text, out var number)
        ? row => row.Tuple.Protocol == number
        : throw Bad($"'{text}' is no protocol; use {ProtocolName.Allowed}");

    static Func<SheetRow, bool> Folder(string text)
    {
        var name = $"/{text.Trim('/')}/";
        return row => $"/{row.Capture}".LastIndexOf('/') is var end
            && $"/{row.Capture}"[..(end + 1)].Contains(name, StringComparison.Ordinal);
    }

    bool Skip(string word)
    {
        var isThere = at < words.Length && words[at] == word;
        at += isThere ? 1 : 0;
        return isThere;
    }

    string Next(string what) => at < words.Length ? words[at++] : throw Bad($"{what} is missing");

    InputException Bad(string what) => new($"rule '{InputException.Quote(rule)}': {what}; write conditions such as "
        + "'port 443', 'net 10.0.0.0/8', 'udp port 53', 'mac 00:17:88:01:02:03' or 'dir web', joined by and, or, not");

    enum Side { Either, Source, Destination }
}
