using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>Holds what every tier of a cascade predicts of flows on any number of packets that it may see.</summary>
sealed class PacketPredictions
{
    readonly int[] depths;

    /// <summary>[tier][packets]; null where no flow is cut to so few.</summary>
    readonly Predictions?[][] predictions;

    /// <param name="depths">Packets that each tier waits for.</param>
    /// <param name="whole">Each tier's predictions on the packets that come within the wait limit.</param>
    /// <param name="score">Scores flows on fewer packets.</param>
    public PacketPredictions(FlowWaits waits, IReadOnlyList<int> depths, IReadOnlyList<Predictions> whole,
        PacketScores score)
    {
        Waits = waits;
        this.depths = [.. depths];
        predictions = [.. depths.Select(depth => new Predictions?[depth + 1])];
        for (var tier = 0; tier < depths.Count; tier++)
        {
            predictions[tier][depths[tier]] = whole[tier];
            for (var packets = depths[0]; packets < depths[tier]; packets++)
            {
                predictions[tier][packets] = Truncated(tier, packets, whole[tier], score);
            }
        }
    }

    public FlowWaits Waits { get; }

    public IReadOnlyList<int> Depths => depths;

    /// <summary>Gets a tier's predictions where no flow has more than a number of packets; null where none is cut to
    /// so few.</summary>
    public Predictions? this[int tier, int packets] => predictions[tier][packets];

    Predictions Truncated(int tier, int packets, Predictions whole, PacketScores score)
    {
        int[] longer = [.. Enumerable.Range(0, Waits.Flows.Count)
            .Where(f => Waits.WaitFor(f, depths[tier], Waits.LimitNs).Packets > packets)];
        var cut = score(tier, Waits.Flows.Subset(longer), [.. Enumerable.Repeat(packets, longer.Length)]);
        return whole.WithRows(longer, cut);
    }
}
