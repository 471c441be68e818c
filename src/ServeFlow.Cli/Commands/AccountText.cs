using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands;

/// <summary>An account in words: everything that came in, and what became of it.</summary>
static class AccountText
{
    /// <summary>Packets, flows, decisions and oddities, a line each.</summary>
    public static IEnumerable<string> Lines(CascadePlan plan, Account account)
    {
        var tiers = plan.Tiers.Select((tier, i) => $"{tier.Name} {account.DecisionsByTier[i]:N0}"
            + (account.ShedByTier[i] == 0 ? "" : $" ({account.ShedByTier[i]:N0} shed)"));
        var odd = Oddities(account).Select(entry => $"{entry.Name} {entry.Count:N0}").DefaultIfEmpty("nothing");
        return
        [
            $"{account.Received:N0} packets received = {account.Tracked:N0} tracked + "
            + $"{account.Untracked.Total:N0} outside flows{Parts(account.Untracked)} + "
            + $"{account.Ignored.Total:N0} ignored{Parts(account.Ignored)}",
            $"{account.Created:N0} flows created = {account.Active:N0} active + {account.Ended.Total:N0} ended"
            + Parts(account.Ended),
            .. plan.Window is { } window
                ? [$"{account.Units:N0} windows of {FlowWindows.FormatLength(window)}"]
                : Array.Empty<string>(),
            $"{account.Decisions.Total:N0} decisions: {string.Join(", ", tiers)}{Parts(account.Decisions)}",
            $"odd: {string.Join(", ", odd)}",
        ];
    }

    /// <summary>Lists what was odd about packets and flows, by name.</summary>
    public static IEnumerable<(string Name, long Count)> Oddities(Account account) =>
        account.Oddities.NonZero().Select(entry => (SnakeCase.From(entry.Oddity), entry.Count))
            .Concat(account.Events.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count)));

    /// <summary>A tally by the names of its reasons.</summary>
    public static OrderedDictionary<string, long> Counts<T>(Tally<T> tally) where T : struct, Enum =>
        new(tally.NonZero().Select(entry => KeyValuePair.Create(SnakeCase.From(entry.Reason), entry.Count)));

    static string Parts<T>(Tally<T> tally) where T : struct, Enum => tally.Total == 0 ? "" : " ("
        + string.Join(", ", tally.NonZero().Select(entry => $"{SnakeCase.From(entry.Reason)} {entry.Count:N0}")) + ")";
}
