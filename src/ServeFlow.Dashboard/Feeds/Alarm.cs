namespace ServeFlow.Dashboard.Feeds;

/// <summary>Something that is amiss, and what to do about it.</summary>
/// <param name="IsSevere">Whether the sensor is blind or loses what it should keep.</param>
/// <param name="Text">What is amiss. It does not change from second to second, for it is read out.</param>
/// <param name="Detail">How much, where that is known; it changes, and is not read out.</param>
sealed record Alarm(bool IsSevere, string Text, string Remedy, string Detail = "")
{
    /// <summary>Finds what is amiss now, the worst first.</summary>
    public static IReadOnlyList<Alarm> Find(SensorView view) =>
        [.. Blind(view).Concat(Severe(view)).Concat(Others(view)).OfType<Alarm>()];

    static IEnumerable<Alarm?> Blind(SensorView view)
    {
        yield return view.Now.Unready is { } reason
            ? new(true, $"Not ready: {reason}.", "Check the cable, the mirror port and 'ip link'.") : null;
        foreach (var link in view.Now.Points("serveflow_interface_up").Where(link => link.Value < 1))
        {
            yield return new(true, $"{link.Read("iface")} carries no packets: the sensor is blind there.",
                "Check the cable and 'ip link'; the sensor listens again by itself.");
        }
    }

    static IEnumerable<Alarm?> Severe(SensorView view)
    {
        var dropped = Math.Max(view.Rate(reading => reading.Dropped()), view.Top.DroppedPerSecond);
        yield return dropped > 0 ? new(true, "Packets are dropped before they are read.",
            "Give a larger --buffer or more --workers, or narrow the filter.", $"{Figure.Rate(dropped)} a second.")
            : null;
        yield return view.Now.Sum("serveflow_emergency_mode") > 0
            || view.Rate("serveflow_flows_ended", "reason", "lack_of_resources") > 0
            ? new(true, "Emergency mode: the flow table is full, and the oldest flows end early.",
                "Raise --max-flows or --memory, or shorten the timeouts.") : null;
    }

    static IEnumerable<Alarm?> Others(SensorView view)
    {
        var lost = view.Rate("serveflow_records_lost") + view.Rate("serveflow_records_failed")
            + view.Rate("serveflow_records_dropped");
        yield return lost > 0 ? new(false, "Records do not reach their output.",
            "See Outputs below: a disk is full or slow, or a reader is stuck.", $"{Figure.Rate(lost)} a second.")
            : null;
        yield return lost == 0 && view.Now.Sum("serveflow_sink_failing") > 0
            ? new(false, "An output takes no records; they wait.",
                "See Outputs below: free the disk or start the reader.") : null;
        yield return view.Now.Sum("serveflow_delivery_failing") > 0
            ? new(false, "A receiver cannot be reached; records wait in the spool.",
                "See Outputs below: start the receiver, or check the network.") : null;
        var shed = view.Rate("serveflow_decisions", "reason", "overload");
        yield return shed > 0 ? new(false, "Overload: a tier does not keep up, and a faster one answers.",
            "Give more --workers, or a bundle with a faster slow tier.", $"{Figure.Rate(shed)} answers a second.")
            : null;
        yield return view.Now.Status.Drift is { Active: true } drift
            ? new(false, $"Drift since {Figure.Minute(drift.Since)}: the traffic is no longer like that of training.",
                "See Drift below.") : null;
    }
}
