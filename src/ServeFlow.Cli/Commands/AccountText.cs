using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Files;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands;

/// <summary>Puts an account in words: everything that came in, and what became of it.</summary>
static class AccountText
{
    /// <summary>Lists packets, flows, decisions and oddities, a line each.</summary>
    public static IEnumerable<string> Lines(ServedPlans plans, Account account)
    {
        var oddities = Oddities(account);
        var odd = oddities.Named.Select(entry => $"{entry.Name} {entry.Count:N0}").DefaultIfEmpty("nothing");
        return
        [
            $"{account.Received:N0} packets captured = {account.Tracked:N0} tracked + "
            + $"{account.Untracked.Total:N0} outside flows{account.Untracked.FormatParts()} + "
            + $"{account.Ignored.Total:N0} ignored{account.Ignored.FormatParts()}",
            $"{account.Created:N0} flows created = {account.Active:N0} active + {account.Ended.Total:N0} ended"
            + account.Ended.FormatParts(),
            .. oddities.BegunInTheMiddle is > 0 and var middle
                ? [$"{middle:N0} flows begun in the middle"]
                : Array.Empty<string>(),
            .. plans[0].Window is { } window
                ? [$"{account.Units:N0} windows of {FlowWindows.FormatLength(window)}"]
                : Array.Empty<string>(),
            .. Decisions(plans, account),
            $"odd: {string.Join(", ", odd)}",
        ];
    }

    /// <summary>Returns the decisions by tier, with a line for each of several tasks.</summary>
    static IEnumerable<string> Decisions(ServedPlans plans, Account account)
    {
        var tiers = plans.TierNames.Select((name, i) => (Task: plans.TierTasks[i], Count: account.DecisionsByTier[i],
            Text: $"{name} {account.DecisionsByTier[i]:N0}"
                + (account.ShedByTier[i] == 0 ? "" : $" ({account.ShedByTier[i]:N0} shed)")));
        var lines = tiers.GroupBy(tier => tier.Task).Select(task => (task.Key, Total: task.Sum(tier => tier.Count),
            Text: string.Join(", ", task.Select(tier => tier.Text)))).ToList();
        return lines is [var only]
            ? [$"{account.Decisions.Total:N0} decisions: {only.Text}{account.Decisions.FormatParts()}"]
            : [$"{account.Decisions.Total:N0} decisions{account.Decisions.FormatParts()}",
                .. lines.Select(task => $"{task.Key}: {task.Total:N0} decisions: {task.Text}")];
    }

    /// <summary>Names what was odd about packets and flows.</summary>
    public static TrafficOddities Oddities(Account account) =>
        new(account.Oddities, account.Events, account.Untracked);

    /// <summary>Counts what was odd, by name.</summary>
    public static OrderedDictionary<string, long> Counts(TrafficOddities oddities) =>
        new(oddities.Named.Select(entry => KeyValuePair.Create(entry.Name, entry.Count)));

    /// <summary>Says how many records bounds left out, and why.</summary>
    public static string LeftOut(Tally<LeftOutReason> leftOut) => $"{leftOut.Total:N0} left out{leftOut.FormatParts()}";
}
