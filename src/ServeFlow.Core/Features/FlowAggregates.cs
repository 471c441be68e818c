namespace ServeFlow.Features;

/// <summary>
/// Gathers what is known of a unit's packets so far, packet by packet: counts, sums, sums of squares and extremes, all
/// of them whole numbers, so that no order of adding changes a bit. Of constant size, whatever the number of packets.
/// </summary>
struct FlowAggregates
{
    const double MicrosecondsPerSecond = 1e6;

    /// <summary>
    /// A longer gap ends a burst: longer than a round trip across a continent, shorter than a player's pause between
    /// two segments of a video.
    /// </summary>
    const uint MaxBurstGapMicroseconds = 100_000;

    /// <summary>Sizes in bytes of the packets that the client sent, and of those that the server sent.</summary>
    Series forward;
    Series backward;

    /// <summary>Holds the microseconds between one packet and the next: one fewer than packets.</summary>
    Series gaps;

    /// <summary>Holds the bytes of each burst that has ended, by direction, and how long it was.</summary>
    Series burstsForward;
    Series burstsBackward;
    Series bursts;

    /// <summary>Holds the gaps between bursts.</summary>
    Series idle;

    /// <summary>Holds the burst that goes on.</summary>
    uint openForward;
    uint openBackward;
    uint openMicroseconds;

    bool hasFirst;

    /// <summary>Goes on by one packet.</summary>
    public void Add(in HeaderRecord packet)
    {
        if (hasFirst)
        {
            gaps.Add(packet.InterArrivalMicroseconds);
            AddToBurst(packet.InterArrivalMicroseconds);
        }

        hasFirst = true;
        if (packet.Direction == 0)
        {
            forward.Add(packet.Size);
            openForward += packet.Size;
        }
        else
        {
            backward.Add(packet.Size);
            openBackward += packet.Size;
        }
    }

    /// <summary>Exchanges the directions of all packets.</summary>
    public void Turn()
    {
        (forward, backward) = (backward, forward);
        (burstsForward, burstsBackward) = (burstsBackward, burstsForward);
        (openForward, openBackward) = (openBackward, openForward);
    }

    /// <summary>Goes on with the burst, or ends it and begins the next.</summary>
    void AddToBurst(uint gap)
    {
        if (gap <= MaxBurstGapMicroseconds)
        {
            openMicroseconds += gap; // fits: a unit has at most 65,535 packets, 6,554 s of such gaps
            return;
        }

        burstsForward.Add(openForward);
        burstsBackward.Add(openBackward);
        bursts.Add(openMicroseconds);
        idle.Add(gap);
        (openForward, openBackward, openMicroseconds) = (0, 0, 0);
    }

    /// <summary>
    /// The value of a column; −1 where there is none: no packet, none of that direction, no gap, no time passed.
    /// Quotients and roots are taken of whole numbers, once, by the operations that IEEE 754 rounds alike on every
    /// machine.
    /// </summary>
    public readonly float Value(AggregateKind kind) => !hasFirst ? FeatureSchema.Absent : kind switch
    {
        AggregateKind.PacketsForward => forward.Count,
        AggregateKind.PacketsBackward => backward.Count,
        AggregateKind.BytesForward => forward.Sum,
        AggregateKind.BytesBackward => backward.Sum,
        AggregateKind.SizeMeanForward => forward.Mean,
        AggregateKind.SizeDeviationForward => forward.Deviation,
        AggregateKind.SizeMinForward => forward.Least,
        AggregateKind.SizeMaxForward => forward.Greatest,
        AggregateKind.SizeMeanBackward => backward.Mean,
        AggregateKind.SizeDeviationBackward => backward.Deviation,
        AggregateKind.SizeMinBackward => backward.Least,
        AggregateKind.SizeMaxBackward => backward.Greatest,
        AggregateKind.GapMean => gaps.Mean,
        AggregateKind.GapDeviation => gaps.Deviation,
        AggregateKind.GapMin => gaps.Least,
        AggregateKind.GapMax => gaps.Greatest,
        AggregateKind.Duration => gaps.Sum,
        AggregateKind.PacketRate => PerSecond((ulong)forward.Count + backward.Count),
        AggregateKind.ByteRateForward => PerSecond(forward.Sum),
        AggregateKind.ByteRateBackward => PerSecond(backward.Sum),
        AggregateKind.IdleMean => idle.Mean,
        AggregateKind.IdleDeviation => idle.Deviation,
        AggregateKind.IdleMin => idle.Least,
        AggregateKind.IdleMax => idle.Greatest,
        _ => BurstValue(kind),
    };

    /// <summary>Returns the value of a column over bursts, the one that goes on among them.</summary>
    readonly float BurstValue(AggregateKind kind) => kind switch
    {
        AggregateKind.Bursts => bursts.Count + 1,
        AggregateKind.BurstBytesMeanForward => burstsForward.With(openForward).Mean,
        AggregateKind.BurstBytesDeviationForward => burstsForward.With(openForward).Deviation,
        AggregateKind.BurstBytesMinForward => burstsForward.With(openForward).Least,
        AggregateKind.BurstBytesMaxForward => burstsForward.With(openForward).Greatest,
        AggregateKind.BurstBytesMeanBackward => burstsBackward.With(openBackward).Mean,
        AggregateKind.BurstBytesDeviationBackward => burstsBackward.With(openBackward).Deviation,
        AggregateKind.BurstBytesMinBackward => burstsBackward.With(openBackward).Least,
        AggregateKind.BurstBytesMaxBackward => burstsBackward.With(openBackward).Greatest,
        AggregateKind.BurstMean => bursts.With(openMicroseconds).Mean,
        AggregateKind.BurstDeviation => bursts.With(openMicroseconds).Deviation,
        AggregateKind.BurstMin => bursts.With(openMicroseconds).Least,
        AggregateKind.BurstMax => bursts.With(openMicroseconds).Greatest,
        _ => FeatureSchema.Absent,
    };

    readonly float PerSecond(ulong amount) =>
        gaps.Sum == 0 ? FeatureSchema.Absent : (float)(amount * MicrosecondsPerSecond / gaps.Sum);

    /// <summary>Whole numbers that came one after the other.</summary>
    struct Series
    {
        /// <summary>Squares of gaps have up to 64 bits each.</summary>
        UInt128 squares;
        uint least;
        uint greatest;

        public uint Count { get; private set; }

        public ulong Sum { get; private set; }

        public readonly float Mean => Count == 0 ? FeatureSchema.Absent : (float)((double)Sum / Count);

        /// <summary>Gets the standard deviation of the values themselves, not of what they were drawn from.</summary>
        public readonly float Deviation => Count == 0
            ? FeatureSchema.Absent
            : (float)(Math.Sqrt((double)((squares * Count) - ((UInt128)Sum * Sum))) / Count);

        public readonly float Least => Count == 0 ? FeatureSchema.Absent : least;

        public readonly float Greatest => Count == 0 ? FeatureSchema.Absent : greatest;

        public void Add(uint value)
        {
            least = Count == 0 ? value : Math.Min(least, value);
            greatest = Math.Max(greatest, value);
            Count++;
            Sum += value;
            squares += (ulong)value * value;
        }

        /// <summary>Gets the same and one number more.</summary>
        public readonly Series With(uint value)
        {
            var series = this;
            series.Add(value);
            return series;
        }
    }
}
