namespace ServeFlow.Cluster.Messages;

/// <summary>Scores batches of one tier, by the tier's <see cref="TierKey"/>. Each call may go to another
/// worker.</summary>
[Alias("serveflow.tier")]
interface ITierGrain : IGrainWithStringKey
{
    [Alias("score")]
    Task<TierAnswer> ScoreAsync(TierRequest request);
}
