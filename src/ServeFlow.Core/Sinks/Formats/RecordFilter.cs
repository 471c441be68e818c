using System.Globalization;
using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Packets;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// Chooses records by conditions with commas between them, all of which must hold: those of an
/// <see cref="AnswerFilter"/>, <c>address=10.0.0.0/8</c> and <c>port=443</c> of either side, <c>proto=udp</c>,
/// <c>event=flow</c>, and words that must stand somewhere in the record's EVE line.
/// </summary>
public sealed class RecordFilter
{
    readonly RecordPredicate[] conditions;
    readonly string[] words;

    RecordFilter(RecordPredicate[] conditions, string[] words)
    {
        this.conditions = conditions;
        this.words = words;
    }

    /// <summary>Reads a filter; an empty one chooses everything.</summary>
    /// <param name="plans">The plans that answer, if there may be several.</param>
    /// <exception cref="InputException">The text is no filter, or names what the plan does not have.</exception>
    public static RecordFilter Parse(string? text, CascadePlan plan, ServedPlans? plans = null)
    {
        var conditions = new List<RecordPredicate>();
        var words = new List<string>();
        var parts = AnswerFilter.Split(text ?? "").Select(part => part.Trim()).Where(part => part.Length > 0);
        foreach (var part in parts)
        {
            var (field, sign, value) = Divide(part);
            if (field is "" or "text")
            {
                words.Add(value);
            }
            else
            {
                conditions.Add(Compile(field, sign, value, part, plan, plans));
            }
        }

        return new([.. conditions], [.. words]);
    }

    /// <summary>Determines whether a record meets every condition, words apart.</summary>
    public bool Matches(in FlowRecord record)
    {
        foreach (var condition in conditions)
        {
            if (!condition(record))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Determines whether a record's line has every word, in any case.</summary>
    /// <param name="line">The record as EVE, in UTF-8.</param>
    public bool HasWords(ReadOnlySpan<byte> line)
    {
        if (words.Length == 0)
        {
            return true;
        }

        var text = Encoding.UTF8.GetString(line);
        return Array.TrueForAll(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    static (string Field, string Sign, string Value) Divide(string part)
    {
        if (part[0] == '"')
        {
            return ("", "", part.Trim('"'));
        }

        var at = part.IndexOfAny(['!', '<', '>', '=']);
        if (at < 0)
        {
            return ("", "", part);
        }

        // A '!' without '=' after it is none of them.
        var sign = Array.Find(AnswerFilter.Operators, sign => part.AsSpan(at).StartsWith(sign))
            ?? throw NoCondition(part);
        return (part[..at].Trim(), sign, part[(at + sign.Length)..].Trim().Trim('"'));
    }

    static RecordPredicate Compile(string field, string sign, string value, string part, CascadePlan plan,
        ServedPlans? plans)
    {
        switch (field)
        {
            case "label" or "tier" or "reason" or "confidence":
                var answers = AnswerFilter.Parse(part, plan, plans);
                return plans is { Tasks: > 1 } ? (in record) => MatchesAny(answers, record, plans)
                    : (in record) => answers.Matches(record.Classification, record.Model);
            case "address" when sign is "=" or "!=":
                return Address(value, sign == "=", part);
            case "port":
                return Port(sign, value, part);
            case "proto" when sign is "=" or "!=":
                return Protocol(value, sign == "=", part);
            case "event" when sign is "=" or "!=" && value is "prediction" or "flow":
                var kind = (value == "flow") == (sign == "=") ? RecordKind.End : RecordKind.Prediction;
                return (in record) => record.Kind == kind;
            default:
                throw NoCondition(part);
        }
    }

    /// <summary>Determines whether one of the answers that a record has meets a condition.</summary>
    static bool MatchesAny(AnswerFilter answers, in FlowRecord record, ServedPlans plans)
    {
        var tasks = record.Kind == RecordKind.End ? plans.Tasks : 1;
        for (var task = 0; task < tasks; task++)
        {
            if (answers.Matches(record.AnswerOf(task, plans, out var model), model))
            {
                return true;
            }
        }

        return false;
    }

    static RecordPredicate Address(string value, bool equal, string part)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (!IpAddress.TryParse(slash < 0 ? value : value[..slash], out var wanted))
        {
            throw NoCondition(part);
        }

        var most = wanted.IsIpv4 ? 32 : 128;
        var bits = most;
        if (slash >= 0 && (!int.TryParse(value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out bits) || bits > most))
        {
            throw NoCondition(part);
        }

        var mask = Mask(bits + 128 - most);
        return (in record) => (IsInside(record.Flow.Key.LowAddress) || IsInside(record.Flow.Key.HighAddress)) == equal;

        bool IsInside(IpAddress address) => ((address.High ^ wanted.High) & mask.High) == 0
            && ((address.Low ^ wanted.Low) & mask.Low) == 0;
    }

    static (ulong High, ulong Low) Mask(int bits) => bits switch
    {
        0 => (0, 0),
        <= 64 => (ulong.MaxValue << (64 - bits), 0),
        _ => (ulong.MaxValue, ulong.MaxValue << (128 - bits)),
    };

    static RecordPredicate Port(string sign, string value, string part)
    {
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw NoCondition(part);
        }

        return sign switch
        {
            "=" => (in record) => Has(record) && (record.Flow.Key.LowPort == port || record.Flow.Key.HighPort == port),
            "!=" => (in record) =>
                !Has(record) || (record.Flow.Key.LowPort != port && record.Flow.Key.HighPort != port),
            "<" => (in record) => Has(record) && (record.Flow.Key.LowPort < port || record.Flow.Key.HighPort < port),
            "<=" => (in record) => Has(record) && (record.Flow.Key.LowPort <= port || record.Flow.Key.HighPort <= port),
            ">" => (in record) => Has(record) && (record.Flow.Key.LowPort > port || record.Flow.Key.HighPort > port),
            _ => (in record) => Has(record) && (record.Flow.Key.LowPort >= port || record.Flow.Key.HighPort >= port),
        };

        static bool Has(in FlowRecord record) => ProtocolName.HasPorts(record.Flow.Key.Protocol);
    }

    static RecordPredicate Protocol(string value, bool equal, string part)
    {
        var wanted = Enumerable.Range(0, 256).Where(number => IsNamed((byte)number, value)).ToHashSet();
        return wanted.Count > 0 ? (in record) => wanted.Contains(record.Flow.Key.Protocol) == equal
            : throw NoCondition(part);
    }

    static bool IsNamed(byte number, string name) => number.ToString(CultureInfo.InvariantCulture) == name
        || Encoding.ASCII.GetString(ProtocolName.Get(number)).Equals(name, StringComparison.OrdinalIgnoreCase)
        || (number == Flows.IpProtocol.IcmpV6 && name.Equals("icmp6", StringComparison.OrdinalIgnoreCase));

    static InputException NoCondition(string part) => new($"filter: '{InputException.Quote(part)}' is no condition: "
        + "give label=NAME, confidence<NUMBER, tier=NAME, reason=NAME, address=ADDRESS[/BITS], port=NUMBER, "
        + "proto=NAME, event=prediction or event=flow, or a word, with commas between several");
}
