using ServeFlow.Cascade;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Has the last tier of plans computed by a server of the Open Inference Protocol.</summary>
/// <param name="transport">What carries the calls; it is disposed of with the factory.</param>
/// <param name="say">Is told, in one line and on any thread, when the server fails and when it answers again.</param>
public sealed class RemoteTierFactory(RemoteTierOptions options, IInferenceTransport transport, Action<string> say)
    : IRemoteTierFactory
{
    /// <summary>Has the calls carried over HTTP.</summary>
    /// <inheritdoc cref="RemoteTierFactory(RemoteTierOptions, IInferenceTransport, Action{string})"/>
    public RemoteTierFactory(RemoteTierOptions options, Action<string> say)
        : this(options, new HttpTransport(options), say)
    {
    }

    /// <summary>Gets whether the server answers. It says nothing of a run that waits, which ends with the error.
    /// </summary>
    public RemoteHealth Health { get; } = new($"'{options.Tier}' at {options.Url}", options.Waits ? _ => { } : say);

    /// <summary>Gets the name of the tier.</summary>
    public string Tier => options.Tier;

    /// <inheritdoc/>
    public CascadePlan Apply(CascadePlan plan)
    {
        var last = plan.Tiers[^1];
        if (last.Name != options.Tier)
        {
            var names = string.Join(", ", plan.Tiers.Select(tier => tier.Name));
            throw new InputException($"remote tier '{options.Tier}': the last tier of {plan.Name} {plan.Version} is "
                + $"'{last.Name}' (tiers: {names}), and only the last one can be remote");
        }

        return RemoteModel.Apply(plan, new InferenceTier(options, transport, new(plan), Health), options.Waits);
    }

    public string Describe() => options.Url.ToString();

    public void Dispose() => transport.Dispose();
}
