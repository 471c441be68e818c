using ServeFlow.Sinks.Delivery;

namespace ServeFlow.Cli.Commands.Serving.Delivery;

/// <summary>Counts what became of the records of a spool, for machines and for people.</summary>
/// <param name="Found">Records that earlier runs left to be delivered.</param>
/// <param name="Spooled">Records that reached the disk.</param>
/// <param name="Delivered">Records that the receiver has.</param>
/// <param name="Dropped">Records that the bound on the spool dropped.</param>
/// <param name="Damaged">Records that could not be read back.</param>
/// <param name="Waiting">Records that are still to be delivered, or to be confirmed.</param>
/// <param name="Unconfirmed">Those of them that were sent.</param>
/// <param name="Bytes">Bytes of the spool.</param>
/// <param name="CutBytes">Bytes that a killed run left half written.</param>
/// <param name="Failures">Attempts to deliver that failed.</param>
/// <param name="Failing">Whether the latest one did.</param>
sealed record SpoolCounts(long Found, long Spooled, long Delivered, long Dropped, long Damaged, long Waiting,
    long Unconfirmed, long Bytes, long CutBytes, long Failures, bool Failing)
{
    public static SpoolCounts? From(DeliveryStatistics? delivery) => delivery is not { Spool: var spool } ? null
        : new(spool.Found, spool.Spooled, spool.Delivered, spool.Dropped, spool.Damaged, spool.Waiting,
            spool.Unconfirmed, spool.Bytes, spool.CutBytes, delivery.Failures, delivery.IsFailing);

    /// <summary>Gets the records that no receiver will ever have.</summary>
    public static long CountLost(DeliveryStatistics? delivery) =>
        delivery is null ? 0 : delivery.Spool.Dropped + delivery.Spool.Damaged;

    /// <summary>Formats everything that was in the spool, and what became of it.</summary>
    public static string Line(string name, DeliveryStatistics delivery)
    {
        var spool = delivery.Spool;
        var text = $"{name}: {spool.Spooled:N0} records spooled";
        text += spool.Found > 0 ? $" + {spool.Found:N0} of earlier runs" : "";
        text += $" = {spool.Delivered:N0} delivered + {spool.Waiting:N0} waiting";
        text += spool.Dropped > 0 ? $" + {spool.Dropped:N0} dropped as the spool was full" : "";
        return text + (spool.Damaged > 0 ? $" + {spool.Damaged:N0} damaged on the disk" : "");
    }
}
