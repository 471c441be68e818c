namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Says which models are tried from the start on.</summary>
sealed record ModelTrials
{
    /// <summary>Gets a bundle's path, or the name of a model of the repository; null for none.</summary>
    public string? Canary { get; init; }

    /// <summary>Gets the canary's share of flows, from 0 to 1.</summary>
    public double Share { get; init; }

    /// <inheritdoc cref="Canary"/>
    public string? Shadow { get; init; }

    /// <summary>Gets the file for both answers of flows on which the shadow disagrees; null for none.</summary>
    public string? Disagreements { get; init; }

    /// <summary>Gets when the shadow answers by itself; null for never.</summary>
    public PromotionRule? Promotion { get; init; }
}
