using ServeFlow.Cascade.OpenSet;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Lists the protocols of the flows that the bundle was trained on: flows of others are answered <c>unknown</c>.
/// </summary>
/// <param name="Network">Versions of IP, ascending: 4, 6 or both.</param>
/// <param name="Transport">Protocol numbers of IP headers, ascending: 6 is TCP, 17 is UDP.</param>
public sealed record BundleProtocols(IReadOnlyList<int> Network, IReadOnlyList<int> Transport)
{
    /// <summary>Gets what is wrong with the lists, or null where nothing is.</summary>
    internal string? Problem =>
        Network.Count is 0 or > 2 || Network.Any(version => version is not (4 or 6))
            ? "network is not 4, 6 or both"
            : Transport.Count is 0 or > byte.MaxValue + 1 || Transport.Any(number => number is < 0 or > byte.MaxValue)
                ? "transport is no list of 1 to 256 protocol numbers from 0 to 255"
                : null;

    internal TrainedProtocols Compile() => new(Network, Transport);
}
