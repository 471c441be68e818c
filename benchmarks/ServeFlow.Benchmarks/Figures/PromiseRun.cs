namespace ServeFlow.Benchmarks.Figures;

/// <summary>A file of <c>results/promises</c>: what <c>promise</c> printed for a data set.</summary>
/// <param name="Tiers">The models that tiers are chosen from, such as <c>lgbm@10</c>.</param>
/// <param name="Draws">How often captures were drawn, as many as there are, with replacement.</param>
sealed record PromiseRun(string Features, string[] Tiers, int Captures, int Flows, int Draws, double Confidence,
    PromiseLevel[] Levels);

/// <summary>Tells what became of a promise over all draws. Shares are means over the draws.</summary>
/// <param name="MaxLoss">The share of flows that was promised to be lost at most.</param>
/// <param name="Exceeded">The number of draws whose cascade loses more of the population.</param>
/// <param name="BoundExceeded">The number of draws whose cascade loses more than the bound that <c>train</c> prints.
/// </param>
/// <param name="Vacuous">The number of draws in which nothing was promised, because nothing is answered early.</param>
/// <param name="EarlyShare">Share of the population that is answered before the last tier.</param>
/// <param name="FirstPacketShare">Share that is answered on packet 1.</param>
/// <param name="LostShare">Share that is lost.</param>
/// <param name="UndrawnLostShare">Share that is lost of the captures that were not drawn.</param>
/// <param name="WorstLostShare">The largest share of the population that is lost, of all draws.</param>
sealed record PromiseLevel(double MaxLoss, int Exceeded, int BoundExceeded, int Vacuous, double EarlyShare,
    double FirstPacketShare, double LostShare, double UndrawnLostShare, double WorstLostShare);
