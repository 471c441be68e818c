using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>What <c>classify</c> says at its end: everything that came in, and what became of it.</summary>
sealed class ClassifySummary(CascadePlan plan, Account account, IReadOnlyList<CaptureOutcome> outcomes, TimeSpan elapsed)
{
    double FlowsPerSecond => account.Created / Math.Max(elapsed.TotalSeconds, 1e-9);

    int Unreadable => outcomes.Count(outcome => !outcome.IsReadable);

    /// <summary>A few lines for people.</summary>
    public string Text()
    {
        var (seconds, rate) = (elapsed.TotalSeconds, FlowsPerSecond);
        return string.Join(Environment.NewLine,
            [
                $"{outcomes.Count} captures ({Unreadable} unreadable)", .. AccountText.Lines(plan, account),
                $"{seconds:F2} s, {rate:N0} flows per second",
            ]);
    }

    /// <summary>One object for machines.</summary>
    public string Json() => new JsonObject
    {
        ["captures"] = outcomes.Count,
        ["unreadable"] = Unreadable,
        ["packets"] = account.Received,
        ["tracked"] = account.Tracked,
        ["untracked"] = AccountText.Counts(account.Untracked),
        ["ignored"] = AccountText.Counts(account.Ignored),
        ["odd"] = new JsonObject(AccountText.Oddities(account).Select(entry =>
            KeyValuePair.Create(entry.Name, (JsonNode?)JsonValue.Create(entry.Count)))),
        ["flows"] = account.Created,
        ["units"] = account.Units,
        ["ended"] = AccountText.Counts(account.Ended),
        ["decisions"] = new JsonObject
        {
            ["total"] = account.Decisions.Total,
            ["tiers"] = new JsonArray([.. plan.Tiers.Select((tier, i) => new JsonObject
            {
                ["name"] = tier.Name,
                ["decisions"] = account.DecisionsByTier[i],
            })]),
            ["reasons"] = AccountText.Counts(account.Decisions),
        },
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
        ["flows_per_second"] = Math.Round(FlowsPerSecond, 1),
    }.ToJsonString();
}
