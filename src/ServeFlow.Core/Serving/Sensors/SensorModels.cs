using ServeFlow.Cascade;

namespace ServeFlow.Serving.Sensors;

/// <summary>Represents a model that a sensor may answer by.</summary>
/// <param name="Plan">The compiled plan.</param>
/// <param name="Key">Tells contents apart: name, version and the hash of the manifest.</param>
public sealed record SensorModel(CascadePlan Plan, string Key);

/// <summary>Says which models answer new flows.</summary>
/// <param name="Main">Answers the flows that no other does.</param>
/// <param name="Canary">Answers a share of the flows; null where there is none.</param>
/// <param name="Share">The canary's share of flows, from 0 to 1.</param>
/// <param name="Shadow">Answers all flows too, for comparison alone; null where nothing does.</param>
public sealed record SensorModels(SensorModel Main, SensorModel? Canary = null, double Share = 0,
    SensorModel? Shadow = null);
