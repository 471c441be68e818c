using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Formats what a sensor says at its end: tcpdump's three lines, and everything that came in and what became of it.
/// </summary>
sealed class ServeSummary(ServedPlans plans, Account account, SensorStatistics statistics, ServeInput input,
    TimeSpan elapsed)
{
    /// <summary>Gets what computes the last tier; null where all was computed here.</summary>
    public IRemoteTierFactory? Remote { get; init; }

    /// <summary>Formats lines for people.</summary>
    public string Text()
    {
        var counters = input.SumCounters();
        var received = input.IsLive ? counters.Received : account.Received;
        var lines = new List<string>
        {
            $"{account.Received} packets captured",
            $"{received} packets received by filter",
            $"{counters.DroppedByKernel} packets dropped by kernel",
        };
        if (counters.DroppedByInterface > 0)
        {
            lines.Add($"{counters.DroppedByInterface} packets dropped by interface");
        }

        lines.AddRange(input.Links.Summary());
        lines.AddRange(AccountText.Lines(plans, account));
        lines.AddRange(RemoteCounts.Lines(plans.Counted, account.Remote, Remote));
        lines.AddRange(statistics.Sinks.Select(Line));
        lines.AddRange(statistics.Sinks.Where(sink => sink.Delivery is not null)
            .Select(sink => SpoolCounts.Line(sink.Name, sink.Delivery!)));
        if (statistics.Dump is { } dump)
        {
            lines.Add($"chosen flows: {dump.Written:N0} packets written, {dump.Missed:N0} gone before the answer came, "
                + $"{dump.Lost:N0} lost to a full queue, {dump.Failed:N0} not taken by the disk");
        }

        var flowsPerSecond = account.Created / Math.Max(elapsed.TotalSeconds, 1e-9);
        lines.Add($"{elapsed.TotalSeconds:F2} s, {flowsPerSecond:N0} flows per second");
        lines.AddRange(TrafficWarnings.Lines(AccountText.Oddities(account), account.Tracked, account.Created));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Formats one object for machines.</summary>
    public SummaryDocument ToDocument()
    {
        var files = input.IsLive ? null : input.CountFiles();
        return new(SensorDocument.From(plans, statistics, input))
        {
            Captures = files?.Captures,
            Unreadable = files?.Unreadable,
            Skipped = files is null ? null : SkippedDocument.From(files.Skipped),
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            Ended = account.Ended.ByName(),
            Odd = AccountText.Counts(AccountText.Oddities(account)),
            BegunInTheMiddle = AccountText.Oddities(account).BegunInTheMiddle,
            Duplicates = AccountText.Oddities(account).Duplicates,
            Reasons = account.Decisions.ByName(),
            Balances = account.Balances,
        };
    }

    static string Line(SinkStatistics sink)
    {
        var isWhole = sink.Lost + sink.Failed + SpoolCounts.CountLost(sink.Delivery) == 0;
        var medium = sink.Delivery is null ? "medium" : "spool";
        var lost = isWhole ? "none lost" : sink.Lost == 0 ? "none lost to a full queue"
            : $"{sink.Lost:N0} lost to a full queue ({sink.LostPredictions:N0} predictions, {sink.LostEnds:N0} flows)";
        var failed = sink.Failed == 0 ? "" : $", {sink.Failed:N0} not taken by the {medium}";
        var left = sink.LeftOut is { Total: > 0 } ? $", {AccountText.LeftOut(sink.LeftOut)}" : "";
        return $"{sink.Name}: {sink.Written:N0} records written, {lost}{failed}{left}";
    }
}
