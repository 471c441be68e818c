using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>Counts files that were found and not read, in the JSON of every verb that reads captures.</summary>
/// <param name="Count">All files that were left out.</param>
/// <param name="Reasons">How many were left out for each reason, by name.</param>
public sealed record SkippedDocument(long Count, OrderedDictionary<string, long> Reasons)
{
    public static SkippedDocument From(SkippedFiles skipped) => new(skipped.Counts.Total,
        new(skipped.Counts.NonZero().Select(entry => KeyValuePair.Create(SnakeCase.From(entry.Reason), entry.Count))));
}
