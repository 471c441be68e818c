namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Says when a shadow becomes the model that answers by itself.</summary>
/// <param name="Flows">Flows that are compared before it is judged.</param>
/// <param name="MinAgreement">The share of them, from 0 to 1, on which it must agree.</param>
sealed record PromotionRule(long Flows, double MinAgreement);
