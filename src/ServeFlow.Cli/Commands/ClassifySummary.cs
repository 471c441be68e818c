using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Serving;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands;

/// <summary>What <c>classify</c> says at its end: everything that came in, and what became of it.</summary>
sealed class ClassifySummary(CascadePlan plan, Account account, IReadOnlyList<CaptureOutcome> outcomes, TimeSpan elapsed)
{
    double FlowsPerSecond => account.Created / Math.Max(elapsed.TotalSeconds, 1e-9);

    int Unreadable => outcomes.Count(outcome => !outcome.IsReadable);

    /// <summary>A few lines for people.</summary>
    public string Text()
    {
        var (seconds, rate) = (elapsed.TotalSeconds, FlowsPerSecond);
        var tiers = plan.Tiers.Select((tier, i) => $"{tier.Name} {account.DecisionsByTier[i]:N0}");
        var odd = Odd().Select(entry => $"{entry.Name} {entry.Count:N0}").DefaultIfEmpty("nothing");
        return string.Join(Environment.NewLine,
            $"{outcomes.Count} captures ({Unreadable} unreadable), {account.Received:N0} packets received = "
            + $"{account.Tracked:N0} tracked + {account.Untracked.Total:N0} outside flows{Parts(account.Untracked)} + "
            + $"{account.Ignored.Total:N0} ignored{Parts(account.Ignored)}",
            $"{account.Created:N0} flows created = {account.Active:N0} active + {account.Ended.Total:N0} ended"
            + Parts(account.Ended),
            $"{account.Decisions.Total:N0} decisions: {string.Join(", ", tiers)}{Parts(account.Decisions)}",
            $"odd: {string.Join(", ", odd)}",
            $"{seconds:F2} s, {rate:N0} flows per second");
    }

    /// <summary>What was odd about packets and flows, by name.</summary>
    IEnumerable<(string Name, long Count)> Odd() =>
        account.Oddities.NonZero().Select(entry => (SnakeCase.Of(entry.Oddity), entry.Count))
            .Concat(account.Events.NonZero().Select(entry => (SnakeCase.Of(entry.Reason), entry.Count)));

    /// <summary>One object for machines.</summary>
    public string Json() => new JsonObject
    {
        ["captures"] = outcomes.Count,
        ["unreadable"] = Unreadable,
        ["packets"] = account.Received,
        ["tracked"] = account.Tracked,
        ["untracked"] = Counts(account.Untracked),
        ["ignored"] = Counts(account.Ignored),
        ["odd"] = new JsonObject(Odd().Select(entry =>
            KeyValuePair.Create(entry.Name, (JsonNode?)JsonValue.Create(entry.Count)))),
        ["flows"] = account.Created,
        ["ended"] = Counts(account.Ended),
        ["decisions"] = new JsonObject
        {
            ["total"] = account.Decisions.Total,
            ["tiers"] = new JsonArray([.. plan.Tiers.Select((tier, i) => new JsonObject
            {
                ["name"] = tier.Name,
                ["decisions"] = account.DecisionsByTier[i],
            })]),
            ["reasons"] = Counts(account.Decisions),
        },
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
        ["flows_per_second"] = Math.Round(FlowsPerSecond, 1),
    }.ToJsonString();

    static JsonObject Counts<T>(Tally<T> tally) where T : struct, Enum => new(tally.NonZero().Select(
        entry => KeyValuePair.Create(SnakeCase.Of(entry.Reason), (JsonNode?)JsonValue.Create(entry.Count))));

    static string Parts<T>(Tally<T> tally) where T : struct, Enum => tally.Total == 0 ? "" : " ("
        + string.Join(", ", tally.NonZero().Select(entry => $"{SnakeCase.Of(entry.Reason)} {entry.Count:N0}")) + ")";
}
