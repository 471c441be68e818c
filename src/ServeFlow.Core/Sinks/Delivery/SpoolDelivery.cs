using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Says what is delivered, and where to.</summary>
/// <param name="Spool">Records that wait; belongs to whoever delivers it.</param>
/// <param name="Destination">Takes them to the receiver; belongs to whoever delivers, too.</param>
public sealed record SpoolDelivery(Spool Spool, IDestination Destination);

/// <summary>Tells how the delivery of a spool goes.</summary>
/// <param name="Spool">What became of the records.</param>
/// <param name="Failures">Attempts to deliver that failed.</param>
/// <param name="IsFailing">Whether the latest one did.</param>
public sealed record DeliveryStatistics(SpoolStatistics Spool, long Failures, bool IsFailing);
