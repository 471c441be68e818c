namespace ServeFlow.Cluster;

/// <summary>Names where a cluster keeps the list of its workers.</summary>
public enum ClusterMembership
{
    /// <summary>Nowhere: each worker stands alone, and sensors are given the workers' addresses.</summary>
    Localhost,

    /// <summary>In Redis.</summary>
    Redis,

    /// <summary>In PostgreSQL.</summary>
    Postgres,
}
