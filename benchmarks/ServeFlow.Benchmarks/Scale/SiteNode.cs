namespace ServeFlow.Benchmarks.Scale;

/// <summary>Represents a machine of a site, with the threads that work on it and its link.</summary>
sealed class SiteNode(Machine machine, EventQueue events)
{
    double sendsUntil;
    double receivesUntil;

    /// <summary>Gets the threads that work.</summary>
    public int Busy { get; private set; }

    /// <summary>Runs work on a thread, and then what follows it. What else is busy when it begins slows it down.
    /// </summary>
    /// <param name="work">Nanoseconds on a machine that is idle otherwise.</param>
    /// <param name="newFlows">The new flows that the work takes up, for what memory takes.</param>
    public void Run(double work, int newFlows, Action then)
    {
        Busy++;
        var memory = newFlows * Busy / machine.MaxFlows * 1e9;
        events.After(Math.Max(work * machine.Slowdown(Busy), memory), () =>
        {
            Busy--;
            then();
        });
    }

    /// <summary>Sends bytes to another machine, after what its link still has to send, and then what follows.</summary>
    /// <param name="tier">Has the speed of the links and the time of the way.</param>
    public void Send(SiteNode target, double bytes, SlowTier tier, Action then)
    {
        var took = bytes / tier.LinkBytes;
        sendsUntil = Math.Max(sendsUntil, events.Now) + took;
        target.receivesUntil = Math.Max(target.receivesUntil + took, sendsUntil);
        events.After(target.receivesUntil - events.Now + (tier.RoundTrip / 2), then);
    }
}
