namespace ServeFlow.Cluster;

/// <summary>
/// Knows how fast a tier is and how many batches of it come at a time, from its latest runs. Not thread-safe.
/// </summary>
sealed class TierPace
{
    /// <summary>Specifies the runs after which an earlier number of batches at a time is forgotten.</summary>
    const int Memory = 64;

    /// <summary>Specifies the share of the latest run in the time of a flow.</summary>
    const double Share = 0.125;

    double secondsOfFlow;
    int present;
    int most;
    int mostBefore;
    int runs;

    /// <summary>Gets whether fewer batches are there than were lately: those who sent the others may send again.
    /// </summary>
    public bool MayCome => present < Math.Max(most, mostBefore);

    /// <summary>Estimates how long a run takes.</summary>
    public TimeSpan Estimate(int flows) => TimeSpan.FromSeconds(secondsOfFlow * flows);

    public void Arrive() => most = Math.Max(most, ++present);

    /// <param name="batches">The batches that are gone.</param>
    /// <param name="flows">The flows of them that were scored; none where all came too late.</param>
    /// <param name="taken">How long that took.</param>
    public void Leave(int batches, int flows, TimeSpan taken)
    {
        present -= batches;
        if (flows > 0)
        {
            var latest = taken.TotalSeconds / flows;
            secondsOfFlow += (latest - secondsOfFlow) * (secondsOfFlow > 0 ? Share : 1);
        }

        if (++runs % Memory == 0)
        {
            (most, mostBefore) = (present, most);
        }
    }
}
