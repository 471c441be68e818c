using System.Globalization;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks;

/// <summary>
/// Chooses answers by conditions with commas between them, all of which must hold, such as
/// <c>label=zoom,tier=fast,confidence&lt;0.7</c>. Fields are label, tier, reason and confidence; comparisons =, != and,
/// of confidence, &lt;, &lt;=, &gt;, &gt;=. A label with a comma in it stands in double quotes.
/// </summary>
public sealed class AnswerFilter
{
    /// <summary>Specifies the comparisons, longer ones before those that they begin with.</summary>
    internal static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];

    readonly ByPlan<Condition[]> conditions;

    AnswerFilter(ByPlan<Condition[]> conditions) => this.conditions = conditions;

    delegate bool Condition(in Classification answer);

    /// <param name="plan">The plan that answers first.</param>
    /// <param name="plans">Those that answer later: a name that one of these does not have is no answer of it.</param>
    /// <exception cref="InputException">The text is no filter, or names what the plan does not have.</exception>
    public static AnswerFilter Parse(string text, CascadePlan plan, ServedPlans? plans = null) =>
        new(new(plan, plans, one =>
            [.. Split(text).Select(part => Compile(part, text, one, ReferenceEquals(one, plan)))]));

    /// <param name="model">The number of the plan whose answer it is.</param>
    public bool Matches(in Classification answer, int model = 0)
    {
        foreach (var condition in conditions[model])
        {
            if (!condition(answer))
            {
                return false;
            }
        }

        return true;
    }

    static Condition Compile(string part, string text, CascadePlan plan, bool isFirst)
    {
        var sign = Operators.Where(o => part.Contains(o, StringComparison.Ordinal))
            .MinBy(o => (part.IndexOf(o, StringComparison.Ordinal), -o.Length))
            ?? throw new InputException(NoCondition(text, part));
        var at = part.IndexOf(sign, StringComparison.Ordinal);
        var (field, value) = (part[..at].Trim(), part[(at + sign.Length)..].Trim().Trim('"'));
        if (field == "confidence")
        {
            return Compare(sign, value, text, part);
        }

        IReadOnlyList<string> names = field switch
        {
            "label" => plan.AnswersUnknown ? [.. plan.Labels, Classification.UnknownLabel] : plan.Labels,
            "tier" => [.. plan.Tiers.Select(tier => tier.Name)],
            "reason" => [.. Enum.GetValues<DecisionReason>().Select(reason => SnakeCase.From(reason))],
            _ => throw new InputException(NoCondition(text, part)),
        };
        return sign is "=" or "!="
            ? Name(field, sign == "=", Find(names, value, field, isFirst), plan.Labels.Count)
            : throw new InputException(NoCondition(text, part));
    }

    /// <param name="unknown">The place among the wanted that stands for no label.</param>
    static Condition Name(string field, bool equal, IReadOnlySet<int> wanted, int unknown) => field switch
    {
        "label" => (in answer) => wanted.Contains(answer.IsUnknown ? unknown : answer.LabelId) == equal,
        "tier" => (in answer) => wanted.Contains(answer.Tier) == equal,
        _ => (in answer) => wanted.Contains((int)answer.Reason) == equal,
    };

    /// <summary>Every place of a name: two classes may have the same.</summary>
    static HashSet<int> Find(IReadOnlyList<string> names, string value, string field, bool isFirst)
    {
        var places = Enumerable.Range(0, names.Count).Where(i => names[i] == value).ToHashSet();
        return places.Count > 0 || !isFirst ? places : throw new InputException($"the bundle has no {field} '{value}'; "
            + $"it has {string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}");
    }

    static Condition Compare(string sign, string value, string text, string part)
    {
        if (!float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
            || float.IsNaN(bound))
        {
            throw new InputException(NoCondition(text, part));
        }

        return sign switch
        {
            "<" => (in answer) => answer.Confidence < bound,
            "<=" => (in answer) => answer.Confidence <= bound,
            ">" => (in answer) => answer.Confidence > bound,
            ">=" => (in answer) => answer.Confidence >= bound,
            "=" => (in answer) => answer.Confidence == bound,
            _ => (in answer) => answer.Confidence != bound,
        };
    }

    /// <summary>Returns the parts between commas that stand outside of quotes.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && !quoted))
            {
                yield return text[start..i];
                start = i + 1;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
        }
    }

    static string NoCondition(string text, string part) => $"'{text}': '{part}' is no condition: give "
        + "label=NAME, tier=NAME, reason=NAME or confidence<NUMBER, with commas between several";
}
