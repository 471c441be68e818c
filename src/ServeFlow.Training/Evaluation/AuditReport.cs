using System.Text.Json.Serialization;

namespace ServeFlow.Training.Evaluation;

/// <summary>Names the outcome of a check of an evaluation.</summary>
public enum AuditVerdict
{
    /// <summary>The check found nothing against the scores.</summary>
    Passed,

    /// <summary>The scores hold for what was measured, but a reader must know this.</summary>
    Warned,

    /// <summary>The scores are better than they will be in use.</summary>
    Failed,

    /// <summary>It could not be checked; the sentence says what is missing.</summary>
    Skipped,
}

/// <summary>Represents one check of whether an evaluation can be believed.</summary>
/// <param name="Name">What scripts call it: <c>addresses_alone</c>, <c>shuffled_labels</c>, …</param>
/// <param name="Figure">What was measured: a weighted F1 or a share, as the sentence says; null where nothing
/// was.</param>
/// <param name="Expected">What it would be if nothing were wrong; null where there is no such figure.</param>
/// <param name="Sentence">One sentence for people, figures included.</param>
public sealed record AuditCheck(string Name, double? Figure, double? Expected, AuditVerdict Verdict,
    string Sentence);

/// <summary>Represents scores with and without the held-back flows that look like a training flow.</summary>
/// <param name="Packets">Packets that were compared, bit for bit, in the columns that models see.</param>
/// <param name="Flows">Held-back flows like no training flow.</param>
/// <param name="Cascade">Weighted F1 of the cascade on those; null where there is none.</param>
/// <param name="Slow">Weighted F1 of the last tier on those; null where there is none.</param>
public sealed record DeduplicatedScore(int Packets, int Flows, double? Cascade,
    [property: JsonPropertyName("slow_only")] double? Slow);

/// <summary>
/// Reports whether an evaluation can be believed: each way in which scores deceive was tried on its flows.
/// </summary>
public sealed record AuditReport
{
    /// <summary>Training flows that the checks' own models learned from; 0 where the captures were not given.</summary>
    public required int TrainingFlows { get; init; }

    /// <summary>Held-back flows that they were scored on.</summary>
    public required int Flows { get; init; }

    /// <summary>Gets the weighted F1 of always answering the most frequent class of the training flows.</summary>
    public required double MajorityF1 { get; init; }

    public required IReadOnlyList<AuditCheck> Checks { get; init; }

    /// <summary>
    /// Gets the scores by packets compared; empty where the captures that were trained on were not given.
    /// </summary>
    [JsonPropertyName("novel")]
    public required IReadOnlyList<DeduplicatedScore> Deduplicated { get; init; }
}
