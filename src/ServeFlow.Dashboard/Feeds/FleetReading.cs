using ServeFlow.Service;
using ServeFlow.Service.Fleets;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Holds the fleet of a sensor as it was a moment ago.</summary>
/// <param name="Document">The fleet; null where the cluster did not answer.</param>
/// <param name="Problem">Why it did not; empty where it did.</param>
public sealed record FleetReading(FleetDocument? Document, string Problem)
{
    /// <summary>Reads it; gives null where the sensor belongs to none.</summary>
    public static FleetReading? Read(IRunningSensor sensor)
    {
        try
        {
            return sensor.Fleet is { } fleet ? new(fleet.Describe(), "") : null;
        }
        catch (InputException e)
        {
            return new(null, e.Message);
        }
    }
}
