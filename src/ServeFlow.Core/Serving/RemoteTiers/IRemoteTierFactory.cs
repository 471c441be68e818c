using ServeFlow.Cascade;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Has the last tier of plans computed elsewhere.</summary>
public interface IRemoteTierFactory : IDisposable
{
    /// <summary>Gets the name of the tier, for metrics.</summary>
    string Tier { get; }

    /// <summary>Gets whether what computes it answers, as far as it was asked.</summary>
    RemoteHealth Health { get; }

    /// <summary>Names what computes it, as far as it is known now.</summary>
    string Describe();

    /// <summary>Returns the plan with its last tier computed elsewhere.</summary>
    /// <exception cref="InputException">The plan has no such tier last, or no other.</exception>
    CascadePlan Apply(CascadePlan plan);
}
